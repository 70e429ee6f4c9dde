namespace StablePay.Core.Money;

/// <summary>
/// How much of an amount due is covered, in 10^-18 of a US dollar. Every accepted token is quoted 1:1 to the dollar and
/// has at most 18 decimals, so converting atoms is exact, and payments in several tokens add up without rounding.
/// The ledger never uses it: postings stay in the token that moved.
/// </summary>
public readonly record struct Coverage(UInt128 Value) : IComparable<Coverage>
{
    private const int Decimals = 18;
    private static readonly UInt128 PerCent = Money.Decimals.PowerOfTen(Decimals - 2);

    public static readonly Coverage Zero = new(0);

    /// <summary>The largest due amount that every token can hold: 10^15 cents leaves room in all of them.</summary>
    public const long MaxCents = 1_000_000_000_000_000;

    /// <summary>Coin cents, as the API writes USDT and USDC.</summary>
    public static Coverage FromCents(long cents) => new(checked((UInt128)cents * PerCent));

    public static Coverage Of(TokenAmount amount) =>
        new(checked(amount.Atoms * Money.Decimals.PowerOfTen(Decimals - amount.Token.Decimals)));

    /// <summary>Whole coin cents.</summary>
    public long ToCents(Rounding rounding)
    {
        var (cents, rest) = UInt128.DivRem(Value, PerCent);
        return rounding switch
        {
            Rounding.Down => checked((long)cents),
            Rounding.Up => checked((long)(rest == 0 ? cents : cents + 1)),
        };
    }

    /// <summary>The same worth in atoms of a token.</summary>
    public TokenAmount In(Token token, Rounding rounding)
    {
        var (atoms, rest) = UInt128.DivRem(Value, Money.Decimals.PowerOfTen(Decimals - token.Decimals));
        return new TokenAmount(token, rounding == Rounding.Up && rest != 0 ? atoms + 1 : atoms);
    }

    /// <summary>This less the other, or zero where the other is more.</summary>
    public Coverage Missing(Coverage received) => received >= this ? Zero : this - received;

    /// <summary>This less the due amount, or zero where it is not reached.</summary>
    public Coverage Beyond(Coverage due) => this <= due ? Zero : this - due;

    public int CompareTo(Coverage other) => Value.CompareTo(other.Value);

    public static Coverage operator +(Coverage a, Coverage b) => new(checked(a.Value + b.Value));

    public static Coverage operator -(Coverage a, Coverage b) => new(checked(a.Value - b.Value));

    public static bool operator <(Coverage a, Coverage b) => a.Value < b.Value;

    public static bool operator >(Coverage a, Coverage b) => a.Value > b.Value;

    public static bool operator <=(Coverage a, Coverage b) => a.Value <= b.Value;

    public static bool operator >=(Coverage a, Coverage b) => a.Value >= b.Value;

    /// <summary>Plain digits with every non-zero decimal and at least two.</summary>
    public override string ToString() => Money.Decimals.Format(Value, Decimals, 2);
}
