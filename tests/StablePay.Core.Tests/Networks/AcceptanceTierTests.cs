using StablePay.Core.Errors;

namespace StablePay.Core.Tests.Networks;

/// <summary>How deep a payment must be before a store takes it.</summary>
public sealed class AcceptanceTierTests
{
    [Fact]
    public void First_line_that_covers_the_amount_counts_and_above_the_last_only_finality()
    {
        var tiers = Of((1_000, 1), (5_000, 3), (9_000, 3)).Value;
        int?[] needed = [tiers.For(1), tiers.For(1_000), tiers.For(1_001), tiers.For(5_000), tiers.For(9_000)];
        needed.ShouldBe([1, 1, 3, 3, 3]);
        tiers.For(9_001).ShouldBeNull();
        AcceptanceTiers.Empty.For(1).ShouldBeNull();
    }

    [Fact]
    public void Largest_and_smallest_figures_are_taken()
    {
        Of((1, 1)).IsOk.ShouldBeTrue();
        Of((Coverage.MaxCents, AcceptanceTiers.MostConfirmations)).IsOk.ShouldBeTrue();
        Many(AcceptanceTiers.MostTiers).IsOk.ShouldBeTrue();
    }

    [Fact]
    public void Table_that_is_wrong_is_refused_with_the_reason()
    {
        Wrong(Many(AcceptanceTiers.MostTiers + 1), "A table has at most 8 tiers.");
        Wrong(Of((0, 1)), "up_to is from 1 to 1000000000000000 coin cents.");
        Wrong(Of((Coverage.MaxCents + 1, 1)), "up_to is from 1 to 1000000000000000 coin cents.");
        Wrong(Of((1, 0)), "confirmations is from 1 to 10000.");
        Wrong(Of((1, AcceptanceTiers.MostConfirmations + 1)), "confirmations is from 1 to 10000.");
        Wrong(Of((5, 1), (5, 1)), "Tiers come by rising up_to.");
        Wrong(Of((5, 1), (4, 1)), "Tiers come by rising up_to.");
        Wrong(Of((4, 2), (5, 1)), "A larger payment needs no fewer confirmations.");
        // The last line is looked at as well.
        Wrong(Of((4, 1), (5, 1), (6, 0)), "confirmations is from 1 to 10000.");
    }

    private static Result<AcceptanceTiers> Of(params (long UpTo, int Confirmations)[] lines) =>
        AcceptanceTiers.Of([.. lines.Select(l => new AcceptanceTier(l.UpTo, l.Confirmations))]);

    private static Result<AcceptanceTiers> Many(int count) =>
        Of([.. Enumerable.Range(1, count).Select(n => (n * 10L, n))]);

    private static void Wrong(Result<AcceptanceTiers> answer, string why) =>
        answer.Rejection.ShouldBe(new Rejection(ErrorCode.ParameterInvalid, why, "tiers"));
}
