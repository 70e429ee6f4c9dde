using StablePay.Server.Pages;

namespace StablePay.Server.Checkout.Cards;

/// <summary>What stands in the middle of the page in one state of the payment.</summary>
/// <param name="Title">For the browser's tab.</param>
internal sealed record Card(string Title, Html Content)
{
    /// <summary>Seconds between reloads without script; null when nothing will change.</summary>
    public int? Refresh { get; init; } = 60;

    /// <summary>Whether the price is still being held, so that its countdown is shown.</summary>
    public bool HasTimer { get; init; }
}

/// <summary>Small parts that several cards are made of.</summary>
internal static class CardParts
{
    /// <summary>Choose, Pay, Confirm; the steps before the current one are done.</summary>
    public static Html Steps(Words words, int current)
    {
        string[] names = [words["step.choose"], words["step.pay"], words["step.confirm"]];
        var items = names.Select(
            (name, i) =>
                i == current ? Html.Of($"""<li aria-current="step">{name}</li>""")
                : i < current ? Html.Of($"<li data-done>{name}</li>")
                : Html.Of($"<li>{name}</li>")
        );
        return Html.Of($"""<ol class="steps" aria-label="{words["step.label"]}">{items}</ol>""");
    }

    /// <summary>What happened, and what it means for the payer.</summary>
    public static Html State(string tone, string icon, Html title, Html text) =>
        Html.Of(
            $"""
            <div class="state" data-tone="{tone}">
            <span class="state__mark">{Icons.Use(icon)}</span>
            <h1 id="title">{title}</h1>
            <p>{text}</p>
            </div>
            """
        );

    public static Html Alert(string tone, string icon, Html text) =>
        Html.Of(
            $"""
            <div class="alert" data-tone="{tone}">{Icons.Use(icon)}<p>{text}</p></div>
            """
        );

    public static Html Bold(Html text) => Html.Of($"<b>{text}</b>");

    /// <summary>TRON TRC20, the standard as a tag: it is what people must match.</summary>
    public static Html NetworkName(CheckoutView view, Network network) =>
        Html.Of($"""{view.NameOf(network)} <span class="tag">{network.Standard}</span>""");

    /// <summary>The number to tell the shop. Every state that a payer cannot mend alone ends with it.</summary>
    public static Html Questions(CheckoutView view) =>
        Alert(
            "neutral",
            "info",
            view.Words.Say(
                "questions",
                ("shop", view.Shop),
                ("number", Html.Of($"""<span class="mono">{view.Page.Id.Value}</span>"""))
            )
        );

    /// <summary>The same as a small line, where nothing went wrong.</summary>
    public static Html Number(CheckoutView view) =>
        Html.Of(
            $"""
            <p class="small">{view.Words.Say(
                "ended.number",
                ("number", Html.Of($"""<span class="mono">{view.Page.Id.Value}</span>"""))
            )}</p>
            """
        );

    /// <summary>Back to the shop, where it said where that is.</summary>
    public static Html Return(CheckoutView view, string? url, bool isPrimary = true)
    {
        if (!IsWebAddress(url))
            return Html.None;
        var rank = isPrimary ? " btn--primary" : "";
        return Html.Of(
            $"""
            <a class="btn{rank} btn--wide" href="{url}" rel="noreferrer"><span>{view.Words.Say(
                "return",
                ("shop", view.Shop)
            )}</span></a>
            """
        );
    }

    /// <summary>The script shows this when the server cannot be reached.</summary>
    public static Html Offline(Words words) =>
        Html.Of(
            $"""
            <div class="alert" data-tone="warn" id="offline" hidden>{Icons.Use("refresh")}<p><b>{words[
                "offline.title"
            ]}</b></p><p>{words["offline.text"]}</p></div>
            """
        );

    /// <summary>
    /// The API has checked it at creation; a link that runs a script must not get here by any other way either.
    /// </summary>
    private static bool IsWebAddress(string? url) =>
        WebAddress.Read(url) is { } uri && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
