using StablePay.Engine.Checkout;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>
/// Money is here and a person decides: held for a check, late, in another coin or on another network.
/// </summary>
internal static class HeldCard
{
    public static Card Frozen(CheckoutView view)
    {
        var amount = view.Page.Received ?? view.Page.Due;
        return Held(
            view,
            "pause",
            "frozen",
            Html.Text(view.Words["frozen.title"]),
            view.Words.Say("frozen.text", ("amount", amount is { } a ? MoneyText.CoinMarkup(a) : Html.None))
        );
    }

    public static Card Late(CheckoutView view)
    {
        var words = view.Words;
        var late = view
            .Page.Transfers.Where(t => t.Class == TransferClass.Late && t.State != TransferState.Orphaned)
            .ToArray();
        if (late.Length == 0)
            return EndedCard.Expired(view);
        var behind = late.Max(t => t.BlockTime) - view.Page.ExpiresAt;
        // Money that came after a cancellation may come before the end that was once set.
        var key = behind > TimeSpan.Zero ? "late.text" : "late.text_ended";
        return Held(
            view,
            "clock",
            "late",
            Html.Text(words["late.title"]),
            words.Say(
                key,
                ("amount", Amounts(late)),
                ("behind", Html.Text(TimeText.Span(behind, words))),
                ("shop", view.Shop)
            )
        );
    }

    /// <summary>A known coin that was not chosen. While the payment is open, the right one can still be sent.</summary>
    public static Card WrongToken(CheckoutView view, Wanted? wanted)
    {
        var (words, page) = (view.Words, view.Page);
        var wrong = page.Transfers.FirstOrDefault(t =>
            t.Class == TransferClass.Unattributed && t.State != TransferState.Orphaned
        );
        if (wrong is null || page is not { Chosen: { } chosen, ChosenNetwork: { } network })
            return EndedCard.Expired(view);
        var (sent, asked) = (wrong.Amount.Token.Asset.Code, chosen.Token.Asset.Code);
        (string, Html)[] values =
        [
            ("sent", Html.Text(sent)),
            ("asked", Html.Text(asked)),
            ("amount", MoneyText.CoinMarkup(wrong.Amount)),
            ("network", Html.Text(view.NameOf(wrong.Network))),
            ("expected", Html.Text(view.NameOf(network))),
            ("shop", view.Shop),
        ];
        var key = sent == asked ? "wrong_network" : "wrong_coin";
        var card = Held(view, "alert", key, words.Say(key + ".title", values), words.Say(key + ".text", values));
        return wanted is null
            ? card
            : card with
            {
                HasTimer = true,
                Refresh = 15,
                Content = Html.Of(
                    $"""
                    {card.Content}
                    <div><details class="more"><summary><span>{words.Say(
                        "wrong.instead",
                        ("asked", Html.Text(asked)),
                        ("expected", Html.Text(view.NameOf(network)))
                    )}</span></summary>
                    <div class="stack">{Slip.Render(
                        view,
                        wanted,
                        Html.Text(words["pay.title"]),
                        isTitle: false,
                        Html.None
                    )}{WaysToPay.Render(view, wanted)}</div></details>{TestPanel.Render(view)}</div>
                    """
                ),
            };
    }

    private static Html Amounts(PageTransfer[] transfers)
    {
        var one = transfers
            .GroupBy(t => t.Amount.Token)
            .Select(g => g.Select(t => t.Amount).Aggregate((a, b) => a + b));
        return Html.Of($"""<span class="num">{string.Join(" + ", one.Select(MoneyText.Coin))}</span>""");
    }

    private static Card Held(CheckoutView view, string icon, string key, Html title, Html text)
    {
        var shown = view.Page.Transfers.Where(t => t.State != TransferState.Orphaned).ToArray();
        var content = Html.Of(
            $"""
            {CardParts.State("warn", icon, title, text)}
            {CardParts.Offline(view.Words)}
            <div class="well stack"><h2>{view.Words["arrived.title"]}</h2>{TransferList.Render(view, shown)}</div>
            {CardParts.Questions(view)}
            {CardParts.Return(view, view.Page.Order.CancelUrl ?? view.Page.Order.SuccessUrl, isPrimary: false)}
            """
        );
        return new Card(view.Words[key + ".tab"], content);
    }
}
