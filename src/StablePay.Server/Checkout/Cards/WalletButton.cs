using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>
/// The button of a wallet in this browser. It is shown by the script once a wallet of the network's family has
/// announced itself; the script that speaks to it comes with the press. Everything that a wallet is asked to do stands
/// here as the server computed it.
/// </summary>
internal static class WalletButton
{
    private const string Prefix = "wallet.";

    private static readonly string[] Said =
    [
        "wallet.busy",
        "wallet.sent",
        "wallet.declined",
        "wallet.failed",
        "wallet.stale",
        "wallet.unmade",
        "wallet.refused",
        "wallet.unclear",
        "wallet.with",
    ];

    public static Html Render(CheckoutView view, Wanted wanted)
    {
        if (FactsOf(view, wanted) is not { } facts)
            return Html.None;
        var words = view.Words;
        var other = words.Plain(
            "wallet.other",
            ("network", view.NameOf(wanted.Network)),
            ("other", words["wallet.other_network"])
        );
        IEnumerable<(string Name, string Value)> attributes =
        [
            .. facts,
            ("page", view.Path),
            ("other", other),
            .. Said.Select(key => (key[Prefix.Length..], words[key])),
        ];
        return Html.Of(
            $"""
            <div class="stack" id="wallets" hidden{attributes.Select(a => Html.Of($" data-{a.Name}=\"{a.Value}\""))}>
            <button class="btn btn--primary btn--wide" type="button" id="wallet">{Icons.Use("wallet")}<span>{words[
                "pay.browser"
            ]}</span></button>
            </div>
            <div id="wallet-said" hidden><p class="small"></p><p class="small mono hash" dir="ltr"></p></div>
            """
        );
    }

    /// <summary>What the family's script needs; null where no wallet can be asked.</summary>
    private static List<(string Name, string Value)>? FactsOf(CheckoutView view, Wanted wanted)
    {
        var (network, page) = (wanted.Network, view.Page);
        return (network.Family, page.TransferCallData) switch
        {
            (ChainFamily.Evm, { } call) => Facts("evm", EvmChainOf(network), wanted, call),
            (ChainFamily.Tron, { } call) when page.MakesTransfers => Facts("tron", ReferenceOf(network), wanted, call),
            (ChainFamily.Solana, _) when page.MakesTransfers && SolanaChainOf(network) is { } chain => Facts(
                "solana",
                chain,
                wanted,
                ""
            ),
            _ => null,
        };
    }

    private static List<(string Name, string Value)> Facts(string family, string chain, Wanted wanted, string call) =>
        [
            ("family", family),
            ("module", Assets.Url($"wallet-{family}.js")),
            ("chain", chain),
            ("token", wanted.Amount.Token.Contract),
            ("call", call),
        ];

    /// <summary>What the Wallet Standard calls a network that CAIP-2 names by its first block.</summary>
    private static string? SolanaChainOf(Network network) =>
        ReferenceOf(network) switch
        {
            "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp" => "solana:mainnet",
            "EtWTRABZaYq6iMfeYKouRu166VU2xqa1" => "solana:devnet",
            "4uhcVJyU9pJkvQyS88uRDiswHScCKY3z" => "solana:testnet",
            _ => null,
        };

    /// <summary>The second part of a CAIP-2 id.</summary>
    private static string ReferenceOf(Network network) => network.Id.Value.Split(':')[1];

    /// <summary>The chain id as wallets write it: 0x-hex without leading zeros.</summary>
    private static string EvmChainOf(Network network) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"0x{long.Parse(ReferenceOf(network), NumberStyles.None, CultureInfo.InvariantCulture):x}"
        );
}
