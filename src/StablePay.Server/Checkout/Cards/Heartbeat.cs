using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>Shows that somebody is looking: the network, its last block, and how long ago it was read.</summary>
internal static class Heartbeat
{
    public static Html Render(CheckoutView view, Html waiting)
    {
        var words = view.Words;
        if (view.Page.Watched is not { } watched)
            return waiting.IsNone ? Html.None : Html.Of($"""<div class="watch"><p>{waiting}</p></div>""");
        var name = view.ShortNameOf(watched.Network);
        var seconds = Math.Max(0, (long)(view.Page.Now - watched.ReadAt).TotalSeconds);
        var text = words.Plain(
            "watch.block",
            ("network", name),
            ("block", MoneyText.Count(watched.Height)),
            ("seconds", MoneyText.Count(seconds))
        );
        var form = words.Plain("watch.block", ("network", name), ("block", "{block}"), ("seconds", "{seconds}"));
        var line = waiting.IsNone ? Html.None : Html.Of($"<p>{waiting}</p>");
        return Html.Of(
            $"""
            <div class="watch" id="watch"{Tone(
                IsSlow(view)
            )}><div>{line}<p class="small" id="block" data-text="{form}" data-block="{watched.Height}" data-read="{watched.ReadAt.UnixMs}">{text}</p></div></div>
            """
        );
    }

    /// <summary>A warning above the slip when we are behind; nothing otherwise.</summary>
    public static Html SlowNetwork(CheckoutView view)
    {
        if (!IsSlow(view) || view.Page.Watched is not { } watched)
            return Html.None;
        var (words, name) = (view.Words, view.NameOf(watched.Network));
        return Html.Of(
            $"""
            <div class="alert" data-tone="warn">{Icons.Use("clock")}
            <p><b>{words.Say("slow.title", ("network", Html.Text(name)))}</b></p>
            <p>{words.Say("slow.text", ("behind", Html.Text(TimeText.Span(watched.Lag, words))))}</p>
            </div>
            """
        );
    }

    private static bool IsSlow(CheckoutView view) =>
        view.Page.Watched is { } watched && (watched.IsBehind || watched.Halted is not null);

    private static Html Tone(bool isSlow) => isSlow ? Html.Trusted(" data-tone=\"warn\"") : Html.None;
}
