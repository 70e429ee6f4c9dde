using StablePay.Engine.Checkout;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>Written only after credit, or when the store took it earlier. Prints as the receipt.</summary>
internal static class PaidCard
{
    public static Card Render(CheckoutView view)
    {
        var (words, page) = (view.Words, view.Page);
        var (title, text) = Say(view);
        var content = Html.Of(
            $"""
            {CardParts.State("good", "check", title, text)}
            {CardParts.Return(view, page.Order.SuccessUrl)}
            {Receipt(view)}
            <div class="row js-only">
            <button class="btn" type="button" data-print>{Icons.Use("print")}{words["paid.print"]}</button>
            <button class="btn" type="button" data-copy="" data-said="{words["copied.link"]}" data-done="{words[
                "copied"
            ]}">{Icons.Use("copy")}<span>{words["paid.copy_link"]}</span></button>
            </div>
            {(page.Exception == PaymentException.Overpaid ? CardParts.Questions(view) : Html.None)}
            <p class="small">{words.Say(
                "paid.number",
                ("number", Html.Of($"""<span class="mono">{page.Id.Value}</span>"""))
            )}<br>{words.Say("paid.keep", ("shop", view.Shop))}</p>
            """
        );
        return new Card(words["paid.title"], content) { Refresh = null };
    }

    private static (Html Title, Html Text) Say(CheckoutView view)
    {
        var (words, page) = (view.Words, view.Page);
        if (
            page.Exception == PaymentException.Overpaid
            && page is { Surplus: { } surplus, Received: { } received, Due: { } due }
        )
        {
            var extra = MoneyText.CoinMarkup(surplus);
            return (
                words.Say("overpaid.title", ("surplus", extra)),
                words.Say(
                    "overpaid.text",
                    ("received", Html.Of($"""<span class="num">{MoneyText.Number(received)}</span>""")),
                    ("due", MoneyText.CoinMarkup(due)),
                    ("surplus", extra)
                )
            );
        }
        return page.Exception == PaymentException.PaidLate
            ? (Html.Text(words["paid.title"]), words.Say("paid.late", ("shop", view.Shop)))
            : (Html.Text(words["paid.title"]), words.Say("paid.text", ("shop", view.Shop), ("order", view.Order)));
    }

    /// <summary>A store may take a payment earlier; the network has not confirmed it then.</summary>
    private static bool IsFinal(CheckoutPage page) => page.Transfers.All(t => t.State != TransferState.Accepted);

    private static Html Receipt(CheckoutView view)
    {
        var (words, page) = (view.Words, view.Page);
        var sent = page.Received is { } received
            ? Html.Of($"""<dt>{words["receipt.sent"]}</dt><dd class="num"><b>{MoneyText.Coin(received)}</b></dd>""")
            : Html.None;
        var network = page.ChosenNetwork is { } chosen
            ? Html.Of($"""<dt>{words["receipt.network"]}</dt><dd>{CardParts.NetworkName(view, chosen)}</dd>""")
            : Html.None;
        var paidAt = page.PaidAt is { } time
            ? Html.Of(
                $"""<dt>{words[IsFinal(page) ? "receipt.confirmed" : "receipt.accepted"]}</dt><dd>{TimeText.Full(time, view.Language)}</dd>"""
            )
            : Html.None;
        var proofs = page
            .Transfers.Where(TransferList.IsShown)
            .OrderBy(t => t.SeenAt)
            .Select(t => Html.Of($"""<dt>{words["receipt.transaction"]}</dt><dd>{TransferList.Proof(t)}</dd>"""));
        return Html.Of(
            $"""
            <dl class="kv kv--ends">
            {sent}
            <dt>{words["receipt.for"]}</dt><dd class="num">{MoneyText.Fiat(page.Quote.Amount, view.Language)}</dd>
            {network}
            {paidAt}
            {proofs}
            </dl>
            """
        );
    }
}
