namespace StablePay.Core.Tests.Money;

public sealed class CoverageTests
{
    /// <summary>What remains is counted in token units: however a payment is split, the parts add up to the due amount.</summary>
    [Fact]
    public void FX_07_parts_add_up_without_rounding() =>
        Gen.Select(Gen.Long[1, 1_000_000_000], Gen.Int[0, 1000].Array[0, 12], Draws.OneOf(Draws.Tokens))
            .Sample(
                (cents, shares, token) =>
                {
                    var due = Coverage.FromCents(cents);
                    var received = Coverage.Zero;
                    foreach (var share in shares)
                    {
                        var left = due.Missing(received).In(token, Rounding.Up);
                        received += Coverage.Of(left with { Atoms = left.Atoms * (UInt128)share / 1000 });
                        if (due.Missing(received) + received != due)
                            return false;
                    }
                    received += Coverage.Of(due.Missing(received).In(token, Rounding.Up));
                    return received == due
                        && due.Missing(received) == Coverage.Zero
                        && received.Beyond(due) == Coverage.Zero;
                }
            );

    [Fact]
    public void FX_07_three_thirds_of_a_price_leave_one_atom_not_three_cents()
    {
        var token = Draws.Tokens[1];
        var due = Coverage.FromCents(1000);
        var third = Coverage.Of(new TokenAmount(token, 3_333_333));
        due.Missing(third + third + third).In(token, Rounding.Up).Atoms.ShouldBe((UInt128)1);
    }

    [Fact]
    public void FX_07_tokens_with_other_decimals_add_up()
    {
        var paid =
            Coverage.Of(new TokenAmount(Draws.Tokens[1], 1_000_001))
            + Coverage.Of(new TokenAmount(Draws.Tokens[3], 1_000_000_000_000_000_001));
        paid.ToString().ShouldBe("2.000001000000000001");
        paid.ToCents(Rounding.Down).ShouldBe(200);
        paid.ToCents(Rounding.Up).ShouldBe(201);
    }

    [Fact]
    public void Amounts_of_two_tokens_do_not_add_up() =>
        Should.Throw<InvariantBrokenException>(() =>
            new TokenAmount(Draws.Tokens[1], 1) + new TokenAmount(Draws.Tokens[3], 1)
        );

    [Fact]
    public void A_token_amount_never_goes_below_zero() =>
        Should.Throw<OverflowException>(() =>
            new TokenAmount(Draws.Tokens[1], 1) - new TokenAmount(Draws.Tokens[1], 2)
        );

    [Fact]
    public void Missing_and_beyond_are_never_both() =>
        Gen.Select(Gen.ULong, Gen.ULong)
            .Sample(
                (a, b) =>
                {
                    var (due, received) = (new Coverage(a), new Coverage(b));
                    return due.Missing(received) == Coverage.Zero || received.Beyond(due) == Coverage.Zero;
                }
            );

    [Fact]
    public void The_largest_believable_transfers_fit_by_the_hundred_thousand()
    {
        foreach (var token in Draws.Tokens)
        {
            var most = Coverage.Of(new TokenAmount(token, token.MaxTransferAtoms));
            Should.NotThrow(() => new Coverage(checked(most.Value * 300_000)));
        }
    }
}
