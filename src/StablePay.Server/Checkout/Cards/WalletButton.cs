using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>
/// The button of a wallet in this browser. It is shown by the script once a wallet of the network's family has announced
/// itself; the script that speaks to it comes with the press. Everything that a wallet is asked to do stands here as the
/// server computed it.
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
    private static List<(string Name, string Value)>? FactsOf(CheckoutView view, Wanted wanted) =>
        (wanted.Network.Family, view.Page.TransferCallData) switch
        {
            (ChainFamily.Evm, { } call) => Facts("evm", EvmChainOf(wanted.Network), wanted, call),
            (ChainFamily.Tron, { } call) => Facts("tron", ReferenceOf(wanted.Network), wanted, call),
            _ => null,
        };

    private static List<(string Name, string Value)> Facts(string family, string chain, Wanted wanted, string call) =>
        [
            ("family", family),
            ("module", Assets.Url($"wallet-{family}.js")),
            ("chain", chain),
            ("token", wanted.Amount.Token.Contract),
            ("call", call),
        ];

    /// <summary>The second part of a CAIP-2 id.</summary>
    private static string ReferenceOf(Network network) => network.Id.Value.Split(':')[1];

    /// <summary>The chain id as wallets write it: 0x-hex without leading zeros.</summary>
    private static string EvmChainOf(Network network) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"0x{long.Parse(ReferenceOf(network), NumberStyles.None, CultureInfo.InvariantCulture):x}"
        );
}
