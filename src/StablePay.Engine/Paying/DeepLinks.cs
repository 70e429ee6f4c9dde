using System.Text.Encodings.Web;
using System.Text.Json;

namespace StablePay.Engine.Paying;

/// <summary>A link that opens our page inside a wallet's own browser, where the wallet can be asked to pay.</summary>
/// <param name="Wallet">As the wallet calls itself.</param>
/// <param name="Url">Universal link or custom scheme; a custom one does nothing where the wallet is missing.</param>
/// <param name="Install">The wallet's own site, for who does not have it.</param>
public sealed record DeepLink(string Wallet, string Url, string Install);

/// <summary>
/// The deep links of each family of networks, as every wallet wants its own written. Binance has none since
/// 30 October 2026. All of them open https pages only.
/// </summary>
public static class DeepLinks
{
    private const string Scheme = "https://";
    private const string Source = "StablePay";

    /// <summary>At most four: a longer list would be one more thing to choose from.</summary>
    /// <param name="page">The absolute address of our page, with or without a query.</param>
    /// <returns>None where the page has no https address, as no wallet would open it.</returns>
    public static IReadOnlyList<DeepLink> Of(Network network, string page)
    {
        if (!page.StartsWith(Scheme, StringComparison.Ordinal))
            return [];
        return network.Family switch
        {
            ChainFamily.Evm => [MetaMask(page), .. TrustOrNone(network.Id, page), Okx(page), Bitget(page)],
            ChainFamily.Tron => [TronLink(page), TokenPocket(page, "Tron"), ImToken(page), Okx(page)],
            ChainFamily.Solana => [Phantom(page), Solflare(page), .. TrustOrNone(network.Id, page), Okx(page)],
            ChainFamily.Sandbox => [],
        };
    }

    /// <summary>Neither encoded nor with its scheme: an encoded address opens a blank tab.</summary>
    public static DeepLink MetaMask(string page) =>
        new("MetaMask", $"https://link.metamask.io/dapp/{page[Scheme.Length..]}", "https://metamask.io/");

    /// <param name="coin">The network's number in SLIP-44, as Trust extends it.</param>
    public static DeepLink Trust(string page, int coin) =>
        new(
            "Trust Wallet",
            string.Create(
                CultureInfo.InvariantCulture,
                $"https://link.trustwallet.com/open_url?coin_id={coin}&url={Encoded(page)}"
            ),
            "https://trustwallet.com/"
        );

    /// <summary>Encoded twice: the link to the wallet's app is itself a parameter.</summary>
    public static DeepLink Okx(string page) =>
        new(
            "OKX Wallet",
            $"https://web3.okx.com/download?deeplink={Encoded("okx://wallet/dapp/url?dappUrl=" + Encoded(page))}",
            "https://web3.okx.com/"
        );

    public static DeepLink Bitget(string page) =>
        new("Bitget Wallet", $"https://bkcode.vip?action=dapp&url={Encoded(page)}", "https://web3.bitget.com/");

    /// <param name="chain">What TokenPocket calls the network: <c>Tron</c>, <c>ETH</c>, <c>BSC</c>.</param>
    public static DeepLink TokenPocket(string page, string chain) =>
        new(
            "TokenPocket",
            $"tpdapp://open?params={Encoded(Json(("url", page), ("chain", chain), ("source", Source)))}",
            "https://www.tokenpocket.pro/"
        );

    public static DeepLink ImToken(string page) =>
        new("imToken", $"imtokenv2://navigate/DappView?url={Encoded(page)}", "https://token.im/");

    /// <summary>Works when it is tapped on a page, not when it is typed into a mobile browser.</summary>
    public static DeepLink Phantom(string page) =>
        new(
            "Phantom",
            $"https://phantom.app/ul/browse/{Encoded(page)}?ref={Encoded(OriginOf(page))}",
            "https://phantom.com/"
        );

    public static DeepLink Solflare(string page) =>
        new(
            "Solflare",
            $"https://solflare.com/ul/v1/browse/{Encoded(page)}?ref={Encoded(OriginOf(page))}",
            "https://solflare.com/"
        );

    public static DeepLink TronLink(string page)
    {
        var order = Json(("url", page), ("action", "open"), ("protocol", "TronLink"), ("version", "1.0"));
        return new("TronLink", $"tronlinkoutside://pull.activity?param={Encoded(order)}", "https://www.tronlink.org/");
    }

    /// <summary>Trust opens a page only with the number of a network that it knows.</summary>
    private static DeepLink[] TrustOrNone(NetworkId network, string page) =>
        network.Value switch
        {
            "eip155:1" => [Trust(page, 60)],
            "eip155:56" => [Trust(page, 20_000_714)],
            "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp" => [Trust(page, 501)],
            _ => [],
        };

    private static string Encoded(string text) => Uri.EscapeDataString(text);

    private static string OriginOf(string page) => new Uri(page).GetLeftPart(UriPartial.Authority);

    /// <summary>The escapes of JSON for HTML are not needed, as the whole text is percent-encoded.</summary>
    private static string Json(params ReadOnlySpan<(string Name, string Value)> members)
    {
        var parts = new List<string>();
        foreach (var (name, value) in members)
            parts.Add($"\"{name}\":\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");
        return $"{{{string.Join(',', parts)}}}";
    }
}
