using System.Text.Json;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>Every state, at phone and desk size, in both languages and both themes.</summary>
public sealed class LookTests
{
    /// <summary>
    /// Layout does not depend on the theme, so measuring takes a few looks that cover every size and language; for
    /// photographs all are taken.
    /// </summary>
    private static object[] Looks =>
        Folder() is null
            ?
            [
                Look(390, "en-GB", "light"),
                Look(1440, "zh-CN", "dark"),
                Look(320, "en-GB", "dark"),
                Look(320, "zh-CN", "light"),
            ]
            :
            [
                .. from width in new[] { 320, 390, 1440 }
                from language in new[] { "en-GB", "zh-CN" }
                from scheme in new[] { "light", "dark" }
                select Look(width, language, scheme),
            ];

    [Fact]
    public async Task Every_state_fits_every_size_language_and_theme()
    {
        await using var host = await PageHost.StartAsync();
        var pages = Pages(host).Where(p => IsAsked(p.Name)).ToArray();
        var looks = Looks;
        var answers = await Chromium.RunAsync(
            "shots.mjs",
            new
            {
                pages = pages.Select(p => new
                {
                    name = p.Name,
                    url = p.Url,
                    shows = p.Shows,
                }),
                looks,
                folder = Folder(),
            }
        );
        answers.GetArrayLength().ShouldBe(pages.Length * looks.Length);
        foreach (var answer in answers.EnumerateArray())
        {
            var name = $"{answer.GetProperty("name")} {answer.GetProperty("width")} {answer.GetProperty("language")}";
            answer.GetProperty("overflow").GetInt32().ShouldBe(0, $"{name}: {answer.GetProperty("wide")}");
            answer.GetProperty("h1").GetArrayLength().ShouldBe(1, name);
            answer.GetProperty("reports").GetArrayLength().ShouldBe(0, $"{name}: {answer.GetProperty("reports")}");
            answer.GetProperty("foreign").GetArrayLength().ShouldBe(0, $"{name}: {answer.GetProperty("foreign")}");
            answer.GetProperty("small").GetArrayLength().ShouldBe(0, $"{name}: {answer.GetProperty("small")}");
            answer
                .GetProperty("violations")
                .GetArrayLength()
                .ShouldBe(0, $"{name}: {answer.GetProperty("violations")}");
            answer.GetProperty("empty").GetInt32().ShouldBe(0, name);
            answer.GetProperty("bytes").GetInt32().ShouldBeInRange(1, 60 * 1024, name);
            answer.GetProperty("requests").GetInt32().ShouldBeInRange(1, 6, name);
            answer
                .GetProperty("lang")
                .GetString()
                .ShouldBe(name.EndsWith("zh-CN", StringComparison.Ordinal) ? "zh-Hans" : "en");
            Unexpected(answer).ShouldBeEmpty(name);
        }
    }

    private static object Look(int width, string language, string scheme) =>
        new
        {
            width,
            height = width < 1000 ? 844 : 900,

            // A phone in one theme and a desk in the other hold every contrast and every part of a page.
            judged = width > 320,
            language,
            scheme,
        };

    /// <summary>Errors in the console; the browser also writes one there for every answer that is a refusal.</summary>
    private static IEnumerable<string> Unexpected(JsonElement answer) =>
        answer
            .GetProperty("errors")
            .EnumerateArray()
            .Select(e => e.GetString()!)
            .Where(e => !e.Contains("404", StringComparison.Ordinal));

    private static bool IsAsked(string name) =>
        Environment.GetEnvironmentVariable("SCREENS") is null or "1"
        || name.StartsWith(Environment.GetEnvironmentVariable("SCREENS")!, StringComparison.Ordinal);

    private static Shot[] Pages(PageHost host) =>
        [
            .. Samples.All.Select(s => new Shot(s.Key, host.Show(host.Fresh(s.Value, s.Key)))),
            new("pay-exchange", host.Show(host.Fresh(Samples.Pay, "payexchange")) + "?from=exchange"),
            Showing(
                host,
                "pay-test-panel",
                Samples.PayInTest with
                {
                    ClockOffset = TimeSpan.FromHours(3),
                },
                (".more:has(#scenario)", null)
            ),
            new("pay-test-played", host.Show(host.Fresh(Samples.PayInTest, "paytestplayed")) + "?played=late"),
            Showing(host, "pay-code", Samples.Pay, ("#uri", null)),
            Showing(host, "pay-unopened", Samples.PayOnTron, ("#unopened", null)),
            Showing(
                host,
                "pay-wallet",
                Samples.PayOnTron,
                ("#links", ""),
                ("#wallets", null),
                ("#wallet-said", null),
                ("#wallet-said p", "Sent. Waiting for the network to show it."),
                ("#wallet-said .hash", new string('7', 64))
            ),
            new("not-found", new Uri(host.BaseUrl, "/checkout/sess_000000000000000000000000000000000000").ToString()),
        ];

    /// <summary>
    /// The page with parts of it shown that wait for a wallet or a press; a part whose text is empty is hidden.
    /// </summary>
    private static Shot Showing(
        PageHost host,
        string name,
        CheckoutPage page,
        params (string Part, string? Text)[] shows
    ) =>
        new(name, host.Show(host.Fresh(page, name)))
        {
            Shows = [.. shows.Select(s => new { part = s.Part, text = s.Text })],
        };

    private sealed record Shot(string Name, string Url)
    {
        public object[] Shows { get; init; } = [];
    }

    /// <summary>
    /// Photographs are for people to look at: set SCREENS=1 to take them all, or to the start of some states' names.
    /// </summary>
    private static string? Folder()
    {
        if (Environment.GetEnvironmentVariable("SCREENS") is null)
            return null;
        var folder = Path.Combine(Chromium.Root, "artifacts/screens");
        Directory.CreateDirectory(folder);
        return folder;
    }
}
