using System.Collections.Frozen;

namespace StablePay.Core.Money;

/// <summary>
/// A ledger currency (contract section 7) with its ISO 4217 minor units. The table is ours: the runtime's ICU data
/// differs from ISO for thirteen currencies (FX-06).
/// </summary>
public sealed class Currency
{
    private Currency(string code, int minorUnits) => (Code, MinorUnits) = (code, minorUnits);

    /// <summary>ISO 4217 code in upper case.</summary>
    public string Code { get; }

    /// <summary>Decimals of one unit: 0 for JPY, 2 for USD, 3 for KWD.</summary>
    public int MinorUnits { get; }

    public static readonly Currency Usd = new("USD", 2);

    public static IReadOnlyList<Currency> All { get; } =
    [
        Usd,
        new("EUR", 2),
        new("GBP", 2),
        new("AUD", 2),
        new("CAD", 2),
        new("JPY", 0),
        new("HKD", 2),
        new("SGD", 2),
        new("KRW", 0),
        new("IDR", 2),
        new("PHP", 2),
        new("VND", 0),
        new("THB", 2),
        new("MYR", 2),
        new("MXN", 2),
        new("BRL", 2),
        new("AED", 2),
        new("SAR", 2),
        new("QAR", 2),
        new("KWD", 3),
        new("OMR", 3),
        new("BHD", 3),
    ];

    private static readonly FrozenDictionary<string, Currency> ByCode = All.ToFrozenDictionary(
        c => c.Code,
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>The currency of this code in any case, or null if it is not a ledger currency.</summary>
    public static Currency? Find(string code) => ByCode.GetValueOrDefault(code);

    public override string ToString() => Code;
}
