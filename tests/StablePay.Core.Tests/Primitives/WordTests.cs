using StablePay.Core.Access;
using StablePay.Core.Errors;

namespace StablePay.Core.Tests.Primitives;

/// <summary>Names that are stored, logged or sent: what changes them changes data that exists.</summary>
public sealed class WordTests
{
    [Fact]
    public void Ids_have_the_prefixes_of_the_contract()
    {
        string[] prefixes =
        [
            MerchantId.Prefix,
            StoreId.Prefix,
            SessionId.Prefix,
            TransferId.Prefix,
            ReconciliationItemId.Prefix,
            EventId.Prefix,
            EndpointId.Prefix,
            DeliveryId.Prefix,
            JobId.Prefix,
            EntryId.Prefix,
        ];
        string.Join(' ', prefixes).ShouldBe("mer_ st_ sess_ tr_ rec_ evt_ we_ dl_ job_ le_");
    }

    [Fact]
    public void Kinds_of_jobs_are_found_by_the_names_that_the_table_holds()
    {
        string.Join(' ', JobKind.All).ShouldBe("expire_session deliver_webhook prune_expired reconcile");
        foreach (var kind in JobKind.All)
            JobKind.Of(kind.Name).ShouldBe(kind);
        Should.Throw<InvariantBrokenException>(() => JobKind.Of("bake")).Message.ShouldContain("unknown job kind bake");
    }

    [Fact]
    public void Refusal_says_its_code_its_field_and_why()
    {
        new Rejection(ErrorCode.ParameterInvalid, "Too long.", "order_id")
            .ToString()
            .ShouldBe($"{ErrorCode.ParameterInvalid} (order_id): Too long.");
        new Rejection(ErrorCode.ParameterInvalid, "Too long.")
            .ToString()
            .ShouldBe($"{ErrorCode.ParameterInvalid}: Too long.");
    }

    [Theory]
    [InlineData(true, "sk_live_*** of st_1")]
    [InlineData(false, "sk_test_*** of st_1")]
    public void Z1_key_is_never_written_out(bool live, string text) =>
        new ApiKey("sk_live_abc", new StoreId("st_1"), live, Permissions.None, [], [], new Instant(0), null)
            .ToString()
            .ShouldBe(text);

    [Fact]
    public void Instant_is_written_in_UTC_to_the_millisecond()
    {
        new Instant(1_777_500_000_042).ToString().ShouldBe("2026-04-29T22:00:00.042Z");
        (new Instant(2) > new Instant(1), new Instant(1) > new Instant(1)).ShouldBe((true, false));
    }
}
