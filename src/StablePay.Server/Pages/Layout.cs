namespace StablePay.Server.Pages;

/// <summary>What a page says about itself; the frame around it is the same for all.</summary>
internal sealed record PageFrame
{
    public required Language Language { get; init; }
    public required string Title { get; init; }
    public required string Skip { get; init; }

    /// <summary>Whose page it is; null where no shop is known.</summary>
    public string? Shop { get; init; }
    public string? Banner { get; init; }
    public required Html Main { get; init; }
    public required Html Footer { get; init; }

    /// <summary>The path of this page and its query without the language.</summary>
    public required string Path { get; init; }
    public IReadOnlyList<KeyValuePair<string, string>> Query { get; init; } = [];

    /// <summary>Seconds between reloads where no script runs; null for pages that no longer change.</summary>
    public int? Refresh { get; init; }
    public string? Script { get; init; }

    /// <summary>Whether the card stands alone, without an order beside it.</summary>
    public bool IsAlone { get; init; }

    /// <summary>
    /// What the script reads, as <c>data-</c> attributes of the main element. Data never stands inside a script.
    /// </summary>
    public IReadOnlyList<(string Name, string Value)> Facts { get; init; } = [];
}

/// <summary>The frame of a page: head, top bar with shop and languages, footer.</summary>
internal static class Layout
{
    /// <summary>Runs before the first paint, so that buttons which need a script do not pop up after it.</summary>
    public const string FirstScript = "document.documentElement.className='js'";

    private const string Favicon =
        "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' "
        + "fill='%230b5a66'/%3E%3Cpath d='m9 16.5 5 5 9-11' fill='none' stroke='%23fff' stroke-width='3' "
        + "stroke-linecap='round' stroke-linejoin='round'/%3E%3C/svg%3E";

    public static Html Page(PageFrame frame)
    {
        var body = Body(frame);
        var title = frame.Shop is null
            ? frame.Title
            : $"{frame.Title} · {MerchantText.Short(frame.Shop, MerchantText.NameLength)}";
        return Html.Of(
            $"""
            <!doctype html>
            <html lang="{frame.Language.Tag}" dir="ltr">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <meta name="referrer" content="no-referrer">
            <meta name="robots" content="noindex">
            <title>{title}</title>
            <link rel="icon" href="{Favicon}">
            <script>{Html.Trusted(FirstScript)}</script>
            <style>{Html.Trusted(Stylesheet.Inline)}</style>
            {Scripts(frame)}
            </head>
            <body>
            {Icons.SymbolsFor(body)}
            {body}
            </body>
            </html>

            """
        );
    }

    private static Html Scripts(PageFrame frame)
    {
        var script = frame.Script is null ? Html.None : Assets.Script(frame.Script);
        return frame.Refresh is { } seconds
            ? Html.Of($"""{script}<noscript><meta http-equiv="refresh" content="{seconds}"></noscript>""")
            : script;
    }

    private static Html Body(PageFrame frame)
    {
        var words = frame.Language.Words;
        var banner = frame.Banner is null
            ? Html.None
            : Html.Of(
                $"""<aside class="testbar" aria-label="{words["test.label"]}">{Icons.Use("flask")}<span>{frame.Banner}</span></aside>"""
            );
        var facts = frame.Facts.Select(f => Html.Of($" data-{f.Name}=\"{f.Value}\""));
        return Html.Of(
            $"""
            <a class="skip" href="#main">{frame.Skip}</a>
            {banner}
            <header class="topbar">
            {Shop(frame.Shop)}
            <nav class="lang" aria-label="{words["lang.label"]}">{Language.All.Select(l =>
                LanguageLink(frame, l)
            )}</nav>
            </header>
            <main class="co{(frame.IsAlone ? " co--alone" : "")}" id="main"{facts}>
            {frame.Main}
            <p class="vh" role="status" id="live"></p>
            </main>
            <footer class="co-foot">{frame.Footer}</footer>
            """
        );
    }

    private static Html Shop(string? name) =>
        name is null
            ? Html.Of($"""<span class="merchant wordmark">StablePay</span>""")
            : Html.Of(
                $"""
                <span class="merchant"><span class="logo" aria-hidden="true"><span>{MerchantText.Initials(
                    name
                )}</span></span>{MerchantText.Isolated(name, MerchantText.NameLength)}</span>
                """
            );

    private static Html LanguageLink(PageFrame frame, Language language)
    {
        var query = QueryString.Create([
            .. frame.Query.Select(q => new KeyValuePair<string, string?>(q.Key, q.Value)),
            new("lang", language.ShortTag),
        ]);
        var current = language == frame.Language ? Html.Trusted(" aria-current=\"true\"") : Html.None;
        return Html.Of(
            $"""<a href="{frame.Path + query}" lang="{language.Tag}" hreflang="{language.Tag}"{current}>{language.Name}</a>"""
        );
    }
}
