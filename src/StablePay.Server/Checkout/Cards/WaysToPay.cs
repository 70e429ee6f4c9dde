using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>
/// The ways to pay the slip, the surest first: the wallet that is in this browser, on a phone the wallets that can open
/// this page, then the code. The code holds the bare address: that is what every wallet and exchange reads. One that
/// also says token and amount is kept apart for the wallets that honour it, as others drop the token or count the
/// amount wrongly.
/// </summary>
internal static class WaysToPay
{
    public static Html Render(CheckoutView view, Wanted wanted)
    {
        var words = view.Words;
        var buttons = view.FromExchange
            ? TestWallet(view)
            : Html.Of($"{TestWallet(view)}{WalletButton.Render(view, wanted)}{DeepLinkList.Render(view, wanted)}");
        var todo = buttons.IsNone ? Html.None : Html.Of($"""<div class="scan__do stack">{buttons}</div>""");
        return Html.Of(
            $"""
            <div class="scan">
            {todo}
            {QrCode.Render(wanted.Address, words["qr.address_label"])}
            <div class="scan__hint stack">
            <p class="scan__what">{What(view, wanted)}</p>
            <p class="small">{words[view.FromExchange ? "qr.exchange_hint" : "qr.address_hint"]}</p>
            {Binance(view)}
            </div>
            </div>
            {WithAmount(view, wanted)}
            """
        );
    }

    /// <summary>What the code does not say, as large as what must be matched.</summary>
    private static Html What(CheckoutView view, Wanted wanted) =>
        view.Words.Say(
            "scan.what",
            ("amount", MoneyText.CoinMarkup(wanted.Amount)),
            ("network", CardParts.NetworkName(view, wanted.Network))
        );

    /// <summary>Binance's app opens no links, so it is told in words.</summary>
    private static Html Binance(CheckoutView view) =>
        view.FromExchange ? Html.Of($"""<p class="small">{view.Words["links.binance"]}</p>""") : Html.None;

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

    /// <summary>Link and code that also say token and amount, for wallets that are known to read them.</summary>
    private static Html WithAmount(CheckoutView view, Wanted wanted)
    {
        var words = view.Words;
        if (view.FromExchange || wanted.Uri is not { } uri)
            return Html.None;
        var title = wanted.Network.Family == ChainFamily.Solana ? "uri.solana" : "uri.evm";
        return Html.Of(
            $"""
            <div><details class="more" id="uri"><summary><span>{words[title]}</span></summary>
            <div class="scan">
            <div class="scan__do"><a class="btn btn--wide" id="open" href="{uri}">{Icons.Use("wallet")}{words[
                "pay.open"
            ]}</a></div>
            {QrCode.Render(uri, words["qr.label"])}
            <p class="scan__hint small">{words.Say(
                "uri.text",
                ("amount", MoneyText.CoinMarkup(wanted.Amount)),
                ("network", Html.Text(view.NameOf(wanted.Network)))
            )}</p>
            </div></details></div>
            """
        );
    }
}
