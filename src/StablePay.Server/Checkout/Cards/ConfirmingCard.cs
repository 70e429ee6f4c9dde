using StablePay.Engine.Checkout;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>Enough is in blocks and becomes final. No address and no cancel any more.</summary>
internal static class ConfirmingCard
{
    public static Card Render(CheckoutView view)
    {
        var words = view.Words;
        var waiting = Slowest(view.Page);
        var network = waiting?.Network ?? view.Page.ChosenNetwork;
        var amount = view.Page.Received ?? view.Page.Due;
        var name = network is null ? "" : view.ShortNameOf(network);
        var content = Html.Of(
            $"""
            {CardParts.Steps(words, 2)}
            {CardParts.Offline(words)}
            {Heartbeat.SlowNetwork(view)}
            {CardParts.State("accent", "ring",
                words.Say("seen.title", ("amount", amount is { } a ? MoneyText.CoinMarkup(a) : Html.None)),
                words.Say("seen.text", ("network", Html.Text(name))))}
            {(waiting is null ? Html.None : Progress(view, waiting))}
            <ol class="timeline">{Steps(view, waiting, name)}</ol>
            {Heartbeat.Render(view, Html.None)}
            """
        );
        return new Card(words["seen.tab"], content) { Refresh = 15 };
    }

    /// <summary>The transfer that everything waits for.</summary>
    public static PageTransfer? Slowest(CheckoutPage page) =>
        page
            .Transfers.Where(t => t.Class == TransferClass.Counted && t.State.IsOpen)
            .OrderByDescending(t => (t.ConfirmationsRequired - t.Confirmations) * t.Network.BlockTime)
            .FirstOrDefault();

    /// <summary>
    /// Where finality is a tag nobody can count to it: the bar is a measured time and the words say so. A large payment
    /// may be final and still wait until a second node agrees.
    /// </summary>
    private static Html Progress(CheckoutView view, PageTransfer waiting)
    {
        var (words, required) = (view.Words, waiting.ConfirmationsRequired);
        var done = Math.Min(waiting.Confirmations, required);
        if (IsHeld(view, waiting))
            return Html.Of($"""<p><b>{words.Say("confirming.held", ("shop", view.Shop))}</b></p>""");
        var left = TimeText.Span(Math.Max(1, required - done) * waiting.Network.BlockTime, words);
        var counts = waiting.Network.Finality is FinalityRule.Depth;
        var text = counts ? words.Plain("confirming.count", Counts(done, required)) : words["confirming.tag"];
        return Html.Of(
            $"""
            <div class="stack">
            <div class="row row--apart"><b id="count" data-text="{(
                counts ? words.Plain("confirming.count", ("done", "{done}"), ("required", "{required}")) : text
            )}">{text}</b><span class="muted num" id="left" data-block-ms="{(long)
                waiting.Network.BlockTime.TotalMilliseconds}" data-seconds="{words[
                "left.seconds"
            ]}" data-minutes="{words["left.minutes"]}">{words.Plain("confirming.left", ("time", left))}</span></div>
            <progress id="confirmations" max="{required}" value="{done}" aria-label="{words[
                "confirming.label"
            ]}">{text}</progress>
            </div>
            """
        );
    }

    private static bool IsHeld(CheckoutView view, PageTransfer waiting) =>
        waiting.Confirmations >= waiting.ConfirmationsRequired && view.Page.Watched is { Held: > 0 };

    private static (string, string)[] Counts(int done, int required) =>
        [("done", MoneyText.Count(done)), ("required", MoneyText.Count(required))];

    private static IEnumerable<Html> Steps(CheckoutView view, PageTransfer? waiting, string name)
    {
        var words = view.Words;
        var counted = view.Page.Transfers.Where(t => t.Class == TransferClass.Counted);
        foreach (var transfer in counted.OrderBy(t => t.SeenAt))
            yield return Step(
                "good",
                Html.Text(words["timeline.seen"]),
                Html.Of(
                    $"{TimeText.Second(transfer.SeenAt)} · {MoneyText.CoinMarkup(transfer.Amount)} · {TransferList.Proof(transfer)}"
                )
            );
        if (view.Page is { Received: { } received, Due: { } due })
            yield return Step(
                "good",
                Html.Text(words[received.Atoms == due.Atoms ? "timeline.matches" : "timeline.enough"]),
                words.Say(
                    "timeline.received",
                    ("received", MoneyText.CoinMarkup(received)),
                    ("due", MoneyText.CoinMarkup(due))
                )
            );
        if (waiting is null)
            yield break;
        var pace = TimeText.Span(waiting.Network.BlockTime, words);
        yield return Html.Of(
            $"""
            <li data-tone="accent" aria-current="step"><b>{words.Say(
                "timeline.confirming",
                ("network", Html.Text(name))
            )}</b><p>{words.Say("timeline.pace", ("time", Html.Text(pace)))}</p></li>
            """
        );
        if (IsHeld(view, waiting))
            yield break;
        var when =
            waiting.Network.Finality is FinalityRule.Depth
                ? words.Plain("timeline.at", ("required", MoneyText.Count(waiting.ConfirmationsRequired)))
                : words["timeline.at_tag"];
        yield return Html.Of($"<li><b>{words.Say("timeline.told", ("shop", view.Shop))}</b><p>{when}</p></li>");
    }

    private static Html Step(string tone, Html title, Html text) =>
        Html.Of($"""<li data-tone="{tone}"><b>{title}</b><p>{text}</p></li>""");
}
