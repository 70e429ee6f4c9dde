using System.Numerics;

namespace StablePay.Core.Tests.Money;

/// <summary>Draws of money: every ledger currency, amounts from one minor unit up, rates from a dong to a dinar.</summary>
internal static class Draws
{
    public static readonly Token[] Tokens =
    [
        .. new[] { 2, 6, 8, 18 }.Select(d => new Token(new NetworkId("eip155:1"), Asset.Usdt, $"0x{d}", d)),
    ];

    public static readonly Gen<Currency> Currencies = OneOf(Currency.All);

    /// <summary>Of every magnitude alike, so that small amounts are as common as large ones.</summary>
    public static readonly Gen<long> Minors = Gen.Select(Gen.Int[0, 11], Gen.Long[1, 999])
        .Select((power, digits) => digits * (long)BigInteger.Pow(10, power));

    public static readonly Gen<Rate> Rates = Gen.OneOf(
        Gen.Select(Gen.Long[1, 10_000_000], Gen.Long[1, 1_000_000]).Select((n, d) => Rate.From(n, d)),
        Gen.Long[1, 100_000].Select(n => Rate.From(n, 1_000_000_000)),
        Gen.Const(Rate.One)
    );

    /// <summary>
    /// How often a property is tried. Mutation testing runs it for hundreds of mutants and sets
    /// <c>STABLEPAY_TEST_SHARE</c> to 100 for the hundredth part: a mutant that only rare inputs show survives there.
    /// </summary>
    public static int Times(int whole) => whole / Share;

    private static int Share { get; } =
        int.Parse(Environment.GetEnvironmentVariable("STABLEPAY_TEST_SHARE") ?? "1", CultureInfo.InvariantCulture);

    public static Gen<T> OneOf<T>(IReadOnlyList<T> values) => Gen.Int[0, values.Count - 1].Select(i => values[i]);
}
