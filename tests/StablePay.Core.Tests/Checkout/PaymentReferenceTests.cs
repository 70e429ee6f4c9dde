namespace StablePay.Core.Tests.Checkout;

public sealed class PaymentReferenceTests
{
    private static readonly SessionId Session = new("sess_1");

    /// <summary>A reference is asked of chains years later, so it may never become another.</summary>
    [Fact]
    public void Reference_of_a_choice_stays_what_it_is()
    {
        var reference = Sessions.UsdtChoice.ReferenceIn(Session);
        Convert.ToHexStringLower(reference.Key).ShouldBe(Pinned);
        Convert.ToHexStringLower(reference.Short).ShouldBe(Pinned[..32]);
        reference.ToString().ShouldBe(Pinned[..32]);
    }

    [Fact]
    public void Reference_differs_by_session_token_and_address()
    {
        string[] references =
        [
            Of(Session, Sessions.UsdtChoice),
            Of(new SessionId("sess_2"), Sessions.UsdtChoice),
            Of(Session, Sessions.UsdtChoice with { Token = Sessions.Usdc }),
            Of(Session, Sessions.UsdtChoice with { Token = Sessions.UsdtOnBsc }),
            Of(Session, Sessions.UsdtChoice with { Address = "0x0000000000000000000000000000000000000001" }),
        ];
        references.Distinct().Count().ShouldBe(references.Length);

        static string Of(SessionId id, Choice choice) => choice.ReferenceIn(id).ToString();
    }

    private const string Pinned = "9d0097606eba42672dece5c4d6ced53a176c9f860b10fbbe25a3a0f70697cfd7";
}
