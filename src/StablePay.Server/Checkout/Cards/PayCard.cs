using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>The slip, the ways to pay it, and what to do when nothing happens.</summary>
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
            {WaysToPay.Render(view, wanted)}
            {Heartbeat.Render(view, Html.Text(words["watch.waiting"]))}
            {Help(view)}
            {TestPanel.Render(view)}
            {CancelForm.Render(view)}
            """
        );
        return new Card(words.Plain("pay.tab", ("amount", coin)), content) { HasTimer = true, Refresh = 15 };
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
