namespace StablePay.Core.Money;

/// <summary>Atoms (smallest units) of one token. Arithmetic is checked; mixing tokens throws.</summary>
public readonly record struct TokenAmount(Token Token, UInt128 Atoms)
{
    public static TokenAmount operator +(TokenAmount a, TokenAmount b) => new(Same(a, b), checked(a.Atoms + b.Atoms));

    public static TokenAmount operator -(TokenAmount a, TokenAmount b) => new(Same(a, b), checked(a.Atoms - b.Atoms));

    /// <summary>Plain digits with every non-zero decimal and at least two: <c>41.44</c>, <c>41.440001</c>.</summary>
    public string ToPlainText() => Decimals.Format(Atoms, Token.Decimals, 2);

    public override string ToString() => $"{ToPlainText()} {Token.Asset}";

    private static Token Same(TokenAmount a, TokenAmount b) =>
        a.Token == b.Token ? a.Token : throw new InvariantBrokenException($"{a.Token} and {b.Token} do not add up");
}
