using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>
/// Expired, canceled, failed. The address is not in the page any more, and money that comes is still found.
/// </summary>
internal static class EndedCard
{
    public static Card Expired(CheckoutView view)
    {
        var (words, page) = (view.Words, view.Page);
        var text = words.Say("expired.text", ("time", TimeText.Minute(page.ExpiresAt)));
        return Ended(view, "neutral", "slash", "expired", text) with
        {
            // The session itself ends only when the last block before its end was read; until then this may still turn.
            Refresh = page.State.IsTerminal ? 60 : 15,
        };
    }

    public static Card Canceled(CheckoutView view) =>
        Ended(view, "neutral", "x", "canceled", Html.Text(view.Words["canceled.text"]));

    public static Card Failed(CheckoutView view) =>
        Ended(view, "bad", "x", "failed", view.Words.Say("failed.text", ("shop", view.Shop)));

    private static Card Ended(CheckoutView view, string tone, string icon, string key, Html text)
    {
        var (words, page) = (view.Words, view.Page);
        var content = Html.Of(
            $"""
            {CardParts.State(tone, icon, Html.Text(words[key + ".title"]), text)}
            {CardParts.Offline(words)}
            {CardParts.Return(view, page.Order.CancelUrl ?? page.Order.SuccessUrl)}
            {Arrived(view)}
            {(page.Chosen is null ? Html.None : AlreadySent(view))}
            {CardParts.Number(view)}
            {(page.State.IsTerminal ? Html.None : Heartbeat.Render(view, Html.None))}
            """
        );
        return new Card(words[key + ".tab"], content);
    }

    /// <summary>Part of the money came in time, or all of it came late and is confirming: say that we see it.</summary>
    private static Html Arrived(CheckoutView view)
    {
        var page = view.Page;
        var shown = page.Transfers.Where(t => TransferList.IsShown(t) && t.State != TransferState.Orphaned).ToArray();
        if (shown.Length == 0)
            return Html.None;
        return Html.Of(
            $"""
            <div class="well stack"><h2>{view.Words["arrived.title"]}</h2>
            {TransferList.Render(view, shown)}
            <p class="muted">{view.Words.Say("arrived.text", ("shop", view.Shop))}</p></div>
            """
        );
    }

    private static Html AlreadySent(CheckoutView view) =>
        Html.Of(
            $"""
            <div class="well stack"><h2>{view.Words["sent.title"]}</h2><p class="muted">{view.Words.Say(
                "sent.text",
                ("shop", view.Shop)
            )}</p></div>
            """
        );
}
