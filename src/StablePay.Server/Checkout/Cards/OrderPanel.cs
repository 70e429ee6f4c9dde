using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>What is bought: the total on top of the page, the lines beside or below the card.</summary>
internal static class OrderPanel
{
    private const int MostLines = 20;

    public static Html Head(CheckoutView view, bool hasTimer) =>
        Html.Of(
            $"""
            <section class="co-head" aria-label="{view.Words["order.total"]}">
            <div><p class="muted">{view.Words.Say(
                "order.number",
                ("order", view.Order)
            )}</p><p class="co-sum num">{MoneyText.Fiat(view.Page.Quote.Amount, view.Language)}</p></div>
            {(hasTimer && view.IsOpen ? Timer(view) : Html.None)}
            </section>
            """
        );

    public static Html Lines(CheckoutView view)
    {
        var (words, order) = (view.Words, view.Page.Order);
        var lines = order
            .LineItems.Take(MostLines)
            .Select(line =>
                Line(
                    view,
                    words.Say(
                        "order.line",
                        ("quantity", Html.Of($"{line.Quantity}")),
                        ("name", MerchantText.Isolated(line.Name, MerchantText.LineLength))
                    ),
                    checked(line.UnitAmount * line.Quantity)
                )
            );
        var more =
            order.LineItems.Count > MostLines
                ? Html.Of(
                    $"""<dt>{words.Plain("order.more", ("n", MoneyText.Count(order.LineItems.Count - MostLines)))}</dt><dd></dd>"""
                )
                : Html.None;
        var description =
            order.LineItems.Count == 0 && !string.IsNullOrEmpty(order.Description)
                ? Html.Of(
                    $"""<p class="muted">{MerchantText.Isolated(order.Description, MerchantText.LineLength * 2)}</p>"""
                )
                : Html.None;
        return Html.Of(
            $"""
            <section class="co-items stack" aria-labelledby="order">
            <h2 id="order">{words["order.title"]}</h2>
            {description}
            <dl class="kv kv--ends">
            {lines}{more}
            {Extra(view, "order.delivery", order.ShippingAmount)}
            {Extra(view, "order.tax", order.TaxAmount)}
            <dt class="total">{words["order.sum"]}</dt><dd class="total num">{MoneyText.Fiat(
                view.Page.Quote.Amount,
                view.Language
            )}</dd>
            <dt>{words["order.rate"]}</dt><dd class="small">{Rate(view)}</dd>
            </dl>
            </section>
            """
        );
    }

    private static Html Timer(CheckoutView view)
    {
        var words = view.Words;
        var left = view.Page.ExpiresAt - view.Page.Now;
        var tone = left < TimeSpan.FromMinutes(5) ? Html.Trusted(" data-tone=\"warn\"") : Html.None;
        var minutes = words.Plain("short.minutes", ("n", MoneyText.Count(Math.Max(1, (long)left.TotalMinutes))));
        var time = Html.Of(
            $"""<b><time datetime="{TimeText.Iso(left)}" id="timer" data-five="{words["timer.five"]}" data-one="{words["timer.one"]}">{minutes}</time></b>"""
        );
        return Html.Of(
            $"""<p class="timer"{tone}>{Icons.Use("clock")}<span>{words.Say("timer", ("time", time))}</span></p>"""
        );
    }

    private static Html Line(CheckoutView view, Html name, long minor) =>
        Html.Of(
            $"""<dt>{name}</dt><dd class="num">{MoneyText.Fiat(view.Page.Quote.Amount with { Minor = minor }, view.Language)}</dd>"""
        );

    private static Html Extra(CheckoutView view, string key, long? minor) =>
        minor is null or 0 ? Html.None : Line(view, Html.Text(view.Words[key]), minor.Value);

    /// <summary>How the coin amount came about, and from where: nobody should have to trust it blindly.</summary>
    private static Html Rate(CheckoutView view)
    {
        var (words, quote) = (view.Words, view.Page.Quote);
        var coin = CoinRate(view);
        if (!quote.IsConverted)
            return coin;
        var (number, isExact) = MoneyText.RateNumber(quote.Rate);
        var sign = isExact ? "=" : "≈";
        return Html.Of(
            $"""
            <span class="num">1 {quote.Amount.Currency.Code} {sign} {number} USD</span><br>{coin}<br>{words.Say(
                "rate.source",
                (
                    "source",
                    Html.Of($"""<span lang="en">{MerchantText.Short(quote.Source, MerchantText.LineLength)}</span>""")
                )
            )}
            """
        );
    }

    /// <summary>What the coin counts for: a dollar, or the price that the payment has locked (TOK-21).</summary>
    private static Html CoinRate(CheckoutView view)
    {
        var (words, asset) = (view.Words, view.ShownAsset);
        if (view.Page.Quote.PriceOf(asset) is not { } price)
            return Html.Text(words["choose.why.depegged"]);
        if (price == StablePay.Core.Money.Rate.One)
            return Html.Text(words.Plain("rate.coin", ("coin", asset.Code)));
        return words.Say(
            "rate.priced",
            ("rate", Html.Of($"""<span class="num">1 {asset.Code} = {MoneyText.RateNumber(price).Text} USD</span>"""))
        );
    }
}
