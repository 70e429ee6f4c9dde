using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>The slip, and the ways to pay it: wallet link, browser wallet, code, test wallet.</summary>
internal static class PayCard
{
    public static Card Render(CheckoutView view, Wanted wanted)
    {
        var words = view.Words;
        var coin = MoneyText.Coin(wanted.Amount);
        var note = view.FromExchange
            ? words.Say("exchange.unknown", ("amount", MoneyText.CoinMarkup(wanted.Amount)))
            : Html.None;
        var refusal = view.Refusal is null ? Html.None : CardParts.Alert("warn", "alert", Html.Text(view.Refusal));
        var content = Html.Of(
            $"""
            {CardParts.Steps(words, 1)}
            {CardParts.Offline(words)}
            {refusal}
            {Heartbeat.SlowNetwork(view)}
            {Switch(view)}
            {Slip.Render(view, wanted, Html.Text(words["pay.title"]), isTitle: true, note)}
            {Ways(view, wanted)}
            {Heartbeat.Render(view, Html.Text(words["watch.waiting"]))}
            {Help(view)}
            {CancelForm.Render(view)}
            """
        );
        return new Card(words.Plain("pay.tab", ("amount", coin)), content) { HasTimer = true, Refresh = 15 };
    }

    /// <summary>
    /// Buttons and the code; from an exchange the code holds the address alone and there is no wallet to open.
    /// </summary>
    public static Html Ways(CheckoutView view, Wanted wanted)
    {
        var words = view.Words;
        var uri = view.FromExchange ? null : wanted.Uri;
        var hint =
            view.FromExchange ? "qr.exchange_hint"
            : uri is null ? "qr.address_hint"
            : "qr.hint";
        var buttons = Html.Of($"{TestWallet(view)}{OpenInWallet(view, uri)}{BrowserWallet(view, wanted)}");
        var todo = buttons.IsNone ? Html.None : Html.Of($"""<div class="scan__do stack">{buttons}</div>""");
        return Html.Of(
            $"""
            <div class="scan">
            {todo}
            {QrCode.Render(uri ?? wanted.Address, words[uri is null ? "qr.address_label" : "qr.label"])}
            <p class="scan__hint small">{words[hint]}</p>
            </div>
            """
        );
    }

    private static Html Switch(CheckoutView view)
    {
        var (wallet, exchange) = view.FromExchange ? ("", " aria-current=\"true\"") : (" aria-current=\"true\"", "");
        return Html.Of(
            $"""
            <nav class="seg" aria-label="{view.Words["from.label"]}"><a href="{view.Path}"{Html.Trusted(
                wallet
            )}>{view.Words["from.wallet"]}</a><a href="{view.Path}?from=exchange"{Html.Trusted(exchange)}>{view.Words[
                "from.exchange"
            ]}</a></nav>
            """
        );
    }

    private static Html TestWallet(CheckoutView view) =>
        view.IsTestMode
            ? Html.Of(
                $"""
                <form method="post" action="{view.Path}/pay-test"><button class="btn btn--primary btn--wide" type="submit">{Icons.Use(
                    "flask"
                )}{view.Words["pay.test"]}</button></form>
                """
            )
            : Html.None;

    private static Html OpenInWallet(CheckoutView view, string? uri)
    {
        var rank = view.IsTestMode ? "" : " btn--primary";
        return uri is null
            ? Html.None
            : Html.Of(
                $"""<a class="btn{rank} btn--wide" id="open" href="{uri}">{Icons.Use("wallet")}{view.Words["pay.open"]}</a>"""
            );
    }

    /// <summary>
    /// Shown by the script once a wallet has announced itself; the script that speaks to it comes with the press.
    /// </summary>
    private static Html BrowserWallet(CheckoutView view, Wanted wanted)
    {
        var (words, network) = (view.Words, view.NameOf(wanted.Network));
        if (view.FromExchange || view.Page.TransferCallData is not { } call || ChainId(wanted.Network) is not { } chain)
            return Html.None;
        return Html.Of(
            $"""
            <div id="wallets" hidden data-module="{Assets.Url(
                "wallet-evm.js"
            )}" data-chain="{chain}" data-token="{wanted.Amount.Token.Contract}" data-call="{call}" data-version="{view.Page.Version}" data-busy="{words[
                "wallet.busy"
            ]}" data-sent="{words["wallet.sent"]}" data-declined="{words["wallet.declined"]}" data-other="{words.Plain(
                "wallet.other",
                ("network", network),
                ("other", words["wallet.other_network"])
            )}" data-failed="{words["wallet.failed"]}" data-stale="{words["wallet.stale"]}" data-with="{words[
                "wallet.with"
            ]}">
            <button class="btn btn--wide" type="button" id="wallet">{Icons.Use("wallet")}<span>{words[
                "pay.browser"
            ]}</span></button>
            </div>
            <p class="small" id="wallet-said" hidden></p>
            """
        );
    }

    /// <summary>The chain id as wallets write it: 0x-hex without leading zeros.</summary>
    private static string? ChainId(Network network) =>
        network.Family == ChainFamily.Evm
        && network.Id.Value.Split(':') is [_, var reference]
        && long.TryParse(reference, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            ? string.Create(CultureInfo.InvariantCulture, $"0x{id:x}")
            : null;

    private static Html Help(CheckoutView view)
    {
        var words = view.Words;
        return Html.Of(
            $"""
            <div>
            <details class="more"><summary><span>{words["help.nothing"]}</span></summary><p class="muted">{words[
                "help.nothing_text"
            ]}</p></details>
            <details class="more"><summary><span>{words["help.wrong"]}</span></summary><p class="muted">{words.Say(
                "help.wrong_text",
                ("shop", view.Shop)
            )}</p></details>
            </div>
            """
        );
    }
}
