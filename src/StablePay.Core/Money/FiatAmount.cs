namespace StablePay.Core.Money;

/// <summary>An amount in minor units of a currency: 2599 of USD is $25.99, 2599 of JPY is ¥2,599.</summary>
public readonly record struct FiatAmount(Currency Currency, long Minor)
{
    /// <summary>
    /// Plain digits with a dot and exactly the currency's decimals: <c>25.99</c>, <c>2599</c>, <c>11.750</c>.
    /// </summary>
    public string ToPlainText() => Decimals.Format(checked((UInt128)Minor), Currency.MinorUnits, Currency.MinorUnits);

    public override string ToString() => $"{ToPlainText()} {Currency}";
}
