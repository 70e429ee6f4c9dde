using System.Numerics;

namespace StablePay.Core.Money;

/// <summary>
/// How much of an amount due is covered, in 10^-18 of a US dollar. A token counts as a dollar and has at most 18
/// decimals, so converting atoms is exact, and payments in several tokens add up without rounding. What an amount
/// counts for in a payment is asked of its <see cref="Quote"/>, which may hold another price of the coin (TOK-21).
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

    /// <summary>What an amount counts for at a price: rounded down, in the merchant's favour (TOK-21).</summary>
    /// <param name="price">US dollars for one coin, at most 1.</param>
    internal static Coverage Of(TokenAmount amount, Rate price) =>
        new(checked((UInt128)(Of(amount).Value * price.Unscaled / Rate.One.Unscaled)));

    /// <summary>
    /// The same worth in atoms of a token at a price: rounded up it is the least amount that counts for so much.
    /// </summary>
    /// <param name="price">US dollars for one coin, above zero.</param>
    internal TokenAmount In(Token token, Rate price, Rounding rounding)
    {
        var perAtom = price.Unscaled * Money.Decimals.PowerOfTen(Decimals - token.Decimals);
        var atoms = BigInteger.DivRem(Value * Rate.One.Unscaled, perAtom, out var rest);
        return new TokenAmount(token, checked((UInt128)(rounding == Rounding.Up && !rest.IsZero ? atoms + 1 : atoms)));
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
