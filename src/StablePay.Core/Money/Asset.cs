namespace StablePay.Core.Money;

/// <summary>An economic unit that we take: USDT or USDC. A currency is fiat; see <see cref="Currency"/>.</summary>
public readonly record struct Asset(string Code)
{
    public static readonly Asset Usdt = new("USDT");
    public static readonly Asset Usdc = new("USDC");

    public static IReadOnlyList<Asset> All { get; } = [Usdt, Usdc];

    public override string ToString() => Code;
}
