using System.Numerics;

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

    /// <summary>Units of 10^-18 of a dollar: a number of any token is one of them, and nothing divides.</summary>
    [Fact]
    public void FX_07_sums_of_tokens_of_any_decimals_are_those_of_whole_numbers() =>
        Gen.Select(Gen.ULong, Draws.OneOf(Draws.Tokens))
            .Array[0, 8]
            .Sample(parts =>
            {
                var amounts = parts.Select(p => new TokenAmount(p.Item2, p.Item1 % p.Item2.MaxTransferAtoms)).ToList();
                var exact = amounts.Aggregate(
                    BigInteger.Zero,
                    (sum, a) => sum + ((BigInteger)a.Atoms * BigInteger.Pow(10, 18 - a.Token.Decimals))
                );
                var forth = amounts.Aggregate(Coverage.Zero, (sum, a) => sum + Coverage.Of(a));
                ((BigInteger)forth.Value).ShouldBe(exact);
                // Cents up or down differ by the cent that is not whole.
                var cent = BigInteger.Pow(10, 16);
                ((BigInteger)forth.ToCents(Rounding.Down)).ShouldBe(exact / cent);
                ((BigInteger)forth.ToCents(Rounding.Up)).ShouldBe((exact + cent - 1) / cent);
                // Taken away in another order, nothing is left, and nothing was ever below zero.
                amounts.Reverse();
                amounts.Aggregate(forth, (sum, a) => sum - Coverage.Of(a)).ShouldBe(Coverage.Zero);
            });

    [Fact]
    public void FX_07_an_amount_goes_into_another_token_and_back_without_loss_where_that_has_its_decimals() =>
        Gen.Select(Gen.ULong, Draws.OneOf(Draws.Tokens), Draws.OneOf(Draws.Tokens))
            .Sample(
                (atoms, from, to) =>
                {
                    var amount = new TokenAmount(from, atoms % from.MaxTransferAtoms);
                    var units = (BigInteger)amount.Atoms * BigInteger.Pow(10, 18 - from.Decimals);
                    var unit = BigInteger.Pow(10, 18 - to.Decimals);
                    var (down, up) = (
                        Coverage.Of(amount).In(to, Rounding.Down),
                        Coverage.Of(amount).In(to, Rounding.Up)
                    );
                    ((BigInteger)down.Atoms).ShouldBe(units / unit);
                    ((BigInteger)up.Atoms).ShouldBe((units + unit - 1) / unit);
                    if (to.Decimals >= from.Decimals)
                        Coverage.Of(down).In(from, Rounding.Down).ShouldBe(amount);
                }
            );

    [Fact]
    public void An_amount_s_text_is_read_back_up_to_the_largest_transfer() =>
        Gen.Select(Gen.ULong, Gen.ULong, Draws.OneOf(Draws.Tokens))
            .Sample(
                (high, low, token) =>
                {
                    var atoms = new UInt128(high, low) % (token.MaxTransferAtoms + 1);
                    Decimals.TryParse(new TokenAmount(token, atoms).ToPlainText(), token.Decimals, out var read);
                    read.ShouldBe(atoms);
                }
            );
}
