using StablePay.Engine.Checkout;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>Part of the money is there: what is missing, to the same address.</summary>
internal static class UnderpaidCard
{
    public static Card Render(CheckoutView view, Wanted wanted)
    {
        var (words, page) = (view.Words, view.Page);
        var missing = MoneyText.CoinMarkup(wanted.Amount);
        var content = Html.Of(
            $"""
            {CardParts.Steps(words, 1)}
            {CardParts.Offline(words)}
            {(view.Refusal is null ? Html.None : CardParts.Alert("warn", "alert", Html.Text(view.Refusal)))}
            {Heartbeat.SlowNetwork(view)}
            {CardParts.State(
                "warn",
                "alert",
                words.Say("underpaid.title", ("amount", missing)),
                Received(view, "underpaid.text")
            )}
            {Progress(view)}
            {Slip.Render(view, wanted, Html.Text(words["underpaid.slip"]), isTitle: false, Html.None)}
            {WaysToPay.Render(view, wanted)}
            {Heartbeat.Render(view, Html.Text(words["underpaid.watch"]))}
            <div>
            <details class="more"><summary><span>{words[
                "underpaid.exchange"
            ]}</span></summary><p class="muted">{words.Say(
                "underpaid.exchange_text",
                ("amount", missing)
            )}</p></details>
            <details class="more"><summary><span>{words["arrived.title"]}</span></summary>{TransferList.Render(
                view,
                page.Transfers
            )}</details>
            </div>
            {TestPanel.Render(view)}
            {CardParts.Number(view)}
            """
        );
        return new Card(words.Plain("underpaid.tab", ("amount", MoneyText.Coin(wanted.Amount))), content)
        {
            HasTimer = true,
            Refresh = 15,
        };
    }

    /// <summary>Received so much of so much, in a sentence of the state's own.</summary>
    public static Html Received(CheckoutView view, string key) =>
        view.Page is { Received: { } received, Due: { } due }
            ? view.Words.Say(
                key,
                ("received", Html.Of($"""<span class="num">{MoneyText.Number(received)}</span>""")),
                ("due", MoneyText.CoinMarkup(due)),
                ("shop", view.Shop)
            )
            : Html.None;

    private static Html Progress(CheckoutView view)
    {
        if (view.Page is not { Received: { } received, Due: { } due })
            return Html.None;
        var words = view.Words;
        var (got, all) = (Coverage.Of(received).ToCents(Rounding.Down), Coverage.Of(due).ToCents(Rounding.Up));
        return Html.Of(
            $"""
            <div class="stack">
            <div class="row row--apart"><span>{words.Say(
                "underpaid.received",
                ("amount", CardParts.Bold(MoneyText.CoinMarkup(received)))
            )}</span><span class="muted">{words.Say(
                "underpaid.due",
                ("amount", MoneyText.CoinMarkup(due))
            )}</span></div>
            <progress max="{all}" value="{got}" data-tone="warn" aria-label="{words["underpaid.progress"]}"></progress>
            </div>
            """
        );
    }
}

/// <summary>What has arrived, oldest first, each with its proof.</summary>
internal static class TransferList
{
    public static Html Render(CheckoutView view, IReadOnlyList<PageTransfer> transfers) =>
        Html.Of(
            $"""
            <dl class="kv">{transfers.Where(IsShown).OrderBy(t => t.SeenAt).Select(t => Line(view, t))}</dl>
            """
        );

    private static Html Line(CheckoutView view, PageTransfer transfer)
    {
        var state = view.Words["transfer." + transfer.State.ToString().ToLowerInvariant()];
        return Html.Of(
            $"""
            <dt>{TimeText.Second(transfer.SeenAt)}</dt><dd><b>{MoneyText.CoinMarkup(
                transfer.Amount
            )}</b> · <span class="nowrap">{state}</span><br>{CardParts.NetworkName(
                view,
                transfer.Network
            )}<br><span class="small">{Proof(transfer)}</span></dd>
            """
        );
    }

    /// <summary>Dust and our own movements mean nothing to a payer.</summary>
    public static bool IsShown(PageTransfer transfer) =>
        transfer.Class is TransferClass.Counted or TransferClass.Late or TransferClass.Unattributed;

    /// <summary>The hash, shortened, and the explorer's page of it.</summary>
    public static Html Proof(PageTransfer transfer)
    {
        var hash = transfer.TransactionHash;
        var brief = hash.Length <= 24 ? hash : $"{hash[..8]}…{hash[^6..]}";
        var link = transfer.Url is null
            ? Html.None
            : Html.Of(
                $""" · <a href="{transfer.Url}" rel="noreferrer">{transfer.Network.ExplorerName ?? transfer.Network.Name}</a>"""
            );
        return Html.Of($"""<span class="mono nowrap" dir="ltr" title="{hash}">{brief}</span>{link}""");
    }
}
