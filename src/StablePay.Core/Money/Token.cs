namespace StablePay.Core.Money;

/// <summary>
/// An asset on a network, pinned: network, contract and decimals together are its identity (P1, TOK-01, TOK-02).
/// Symbols, names and decimals that a chain reports are never believed.
/// </summary>
/// <param name="Contract">The contract or mint in the network's display form.</param>
/// <param name="Decimals">
/// 2 to 18. Belongs to the token, never to the asset: USDT has 6 on Ethereum and 18 on BSC.
/// </param>
public sealed record Token(NetworkId Network, Asset Asset, string Contract, int Decimals)
{
    /// <summary>Everything in the coin's smallest API unit, the cent: 10^(decimals − 2) atoms.</summary>
    public UInt128 AtomsPerCent => Money.Decimals.PowerOfTen(Decimals - 2);

    /// <summary>
    /// 10^15 whole units. No stablecoin has so many; a transfer that claims more is quarantined, never credited
    /// (TOK-17). Sums of a third of a million such transfers still fit.
    /// </summary>
    public UInt128 MaxTransferAtoms => Money.Decimals.PowerOfTen(Decimals + 15);

    /// <summary>CAIP-19 style id: <c>eip155:1/erc20:0xdAC1…</c>.</summary>
    public string Id => $"{Network}/{AssetNamespace}:{Contract}";

    private string AssetNamespace =>
        Network.Value.Split(':')[0] switch
        {
            "eip155" => "erc20",
            "tron" => "trc20",
            _ => "token",
        };

    public override string ToString() => Id;
}
