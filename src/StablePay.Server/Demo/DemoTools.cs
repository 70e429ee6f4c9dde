using System.Text.Json;
using StablePay.Server.Checkout;
using StablePay.Server.Checkout.Cards;
using StablePay.Server.Pages;

namespace StablePay.Server.Demo;

/// <summary>
/// What a merchant can play on an order of the demo shop: scenarios, and the clock of the shop's test mode. The shop
/// asks the API with its own key, as a merchant's test program would.
/// </summary>
internal static class DemoTools
{
    private const string Sessions = "/api/v1/test/sessions";
    private const string Clock = "/api/v1/test/clock";

    /// <summary>An hour, in the seconds of the API.</summary>
    private const long Step = 3_600;

    public static Task<DemoAnswer> PlayAsync(DemoApi api, string session, string scenario, CancellationToken ct) =>
        api.PostAsync(
            $"{Sessions}/{Uri.EscapeDataString(session)}/simulate",
            BodyOf(json => json.WriteString("scenario", scenario)),
            ct
        );

    public static Task<DemoAnswer> MoveClockAsync(DemoApi api, CancellationToken ct) =>
        api.PostAsync($"{Clock}/advance", BodyOf(json => json.WriteNumber("seconds", Step)), ct);

    /// <summary>What the shop's test clock shows, or null if the API does not say.</summary>
    public static async Task<Instant?> ReadClockAsync(DemoApi api, CancellationToken ct) =>
        (await api.GetAsync(Clock, ct)).Json is { } json
            ? Instant.FromUnixSeconds(json.GetProperty("now").GetInt64())
            : null;

    /// <summary>The forms below an order.</summary>
    /// <param name="path">The order's page.</param>
    /// <param name="clock">What the clock shows.</param>
    /// <param name="refusal">Why the last form did nothing; null when it did something.</param>
    public static Html Render(HttpContext context, string path, DemoOrder? order, Instant? clock, string? refusal)
    {
        var language = Language.Of(context.Request);
        var words = language.Words;
        if (order is null || clock is not { } shown)
            return Html.None;
        var scenarios =
            order.Status == "pending"
                ? TestPanel.Form(path + "/simulate", words)
                : Html.Of($"""<p class="small">{words["demo.scenario_none"]}</p>""");
        var alert = refusal is null
            ? Html.None
            : CardParts.Alert(
                "warn",
                "alert",
                Html.Of($"{words["panel.refused"]}<br><span lang=\"en\">{refusal}</span>")
            );
        return Html.Of(
            $"""
            <section class="co-items stack" aria-labelledby="tools">
            <h2 id="tools">{words["demo.scenario"]}</h2>
            {alert}
            {TestPanel.Played(TestPanel.PlayedIn(context.Request), words)}
            {scenarios}
            <p class="small">{words.Say("demo.clock_text", ("time", TimeText.Full(shown, language)))}</p>
            <form method="post" action="{path}/clock"><button class="btn btn--wide" type="submit">{Icons.Use(
                "clock"
            )}{words["demo.clock"]}</button></form>
            </section>
            """
        );
    }

    private static byte[] BodyOf(Action<Utf8JsonWriter> write)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        return bytes.ToArray();
    }
}
