using StablePay.Engine.TestMode;
using StablePay.Server.Checkout.Cards;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout;

/// <summary>
/// What a merchant can play on the page of a test payment. Plain forms; a live page holds none of it. Of the store's
/// test clock the page moves nothing but what a scenario needs: its address is the only key, and it may be public.
/// </summary>
internal static class TestPanel
{
    /// <summary>The list of scenarios, closed until it is asked for.</summary>
    public static Html Render(CheckoutView view)
    {
        if (!view.IsTestMode)
            return Html.None;
        var words = view.Words;
        return Html.Of(
            $"""
            <details class="more"><summary><span>{words["panel.title"]}</span></summary>
            <div class="stack">
            <p class="muted">{words["panel.text"]}</p>
            {Ahead(view)}
            {Form(view.Path + "/play", words)}
            </div></details>
            """
        );
    }

    /// <summary>What is being played, above the card's own content; nothing if nothing is.</summary>
    public static Html Played(CheckoutView view) => view.IsTestMode ? Played(view.Played, view.Words) : Html.None;

    /// <inheritdoc cref="Played(CheckoutView)"/>
    public static Html Played(string? scenario, Words words) =>
        scenario is null
            ? Html.None
            : CardParts.Alert(
                "neutral",
                "flask",
                Html.Of(
                    $"""<b>{words.Plain("panel.played", ("name", words[LabelOf(scenario)]))}</b><br>{words[TextOf(scenario)]}"""
                )
            );

    /// <summary>The scenario that a page's address says is being played; null if it names none.</summary>
    public static string? PlayedIn(HttpRequest request) =>
        Scenario.Find(request.Query["played"].ToString()) is { IsOk: true } found ? found.Value.Name : null;

    /// <summary>A field and a button that work without script and with the keyboard alone.</summary>
    public static Html Form(string action, Words words) =>
        Html.Of(
            $"""
            <form class="stack" method="post" action="{action}">
            <div class="field"><label for="scenario">{words["panel.label"]}</label>
            <select class="input" id="scenario" name="scenario">{Scenario.All.Select(s =>
                Option(s.Name, words)
            )}</select></div>
            <button class="btn btn--wide" type="submit">{Icons.Use("flask")}{words["panel.play"]}</button>
            </form>
            """
        );

    private static string LabelOf(string scenario) => "scenario." + scenario;

    /// <summary>What will happen, in a sentence or two.</summary>
    public static string TextOf(string scenario) => $"scenario.{scenario}.text";

    private static Html Option(string name, Words words) =>
        Html.Of($"""<option value="{name}">{words[LabelOf(name)]}</option>""");

    private static Html Ahead(CheckoutView view) =>
        view.Page.ClockOffset == TimeSpan.Zero
            ? Html.None
            : Html.Of(
                $"""
                <p class="small">{view.Words.Plain(
                    "panel.clock",
                    ("ahead", TimeText.Span(view.Page.ClockOffset, view.Words))
                )}</p>
                """
            );
}
