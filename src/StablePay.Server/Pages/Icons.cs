namespace StablePay.Server.Pages;

/// <summary>Our own line icons, 20 × 20. A page carries the symbols it uses and no others.</summary>
internal static class Icons
{
    private static readonly Dictionary<string, string> Drawings = new()
    {
        ["alert"] = """<path d="M10 3.2 17.8 16.6H2.2Z"/><path d="M10 8.2v3.8M10 14.2v.1"/>""",
        ["check"] = """<path d="m4 10.5 4 4 8-9"/>""",
        ["clock"] = """<circle cx="10" cy="10" r="7.2"/><path d="M10 6v4.3l2.8 1.7"/>""",
        ["copy"] =
            """<rect x="7" y="7" width="10" height="10" rx="2"/><path d="M13 7V5a2 2 0 0 0-2-2H5a2 2 0 0 0-2 2v6a2 2 0 0 0 2 2h2"/>""",
        ["flask"] =
            """<path d="M8 3h4M8.6 3v5L4.4 15a1.4 1.4 0 0 0 1.2 2h8.8a1.4 1.4 0 0 0 1.2-2l-4.2-7V3M6.6 12h6.8"/>""",
        ["info"] = """<circle cx="10" cy="10" r="7.2"/><path d="M10 9.2v4.6M10 6.3v.1"/>""",
        ["pause"] = """<circle cx="10" cy="10" r="7.2"/><path d="M8.2 7.5v5M11.8 7.5v5"/>""",
        ["print"] =
            """<path d="M6 8V3.5h8V8M6 13.5H4.5A1.5 1.5 0 0 1 3 12V9.5A1.5 1.5 0 0 1 4.5 8h11A1.5 1.5 0 0 1 17 9.5V12a1.5 1.5 0 0 1-1.5 1.5H14M6 11.5h8v5H6Z"/>""",
        ["refresh"] = """<path d="M16 11.5A6.2 6.2 0 1 1 14.5 5.7L16.5 7.5M16.5 3.5v4h-4"/>""",
        ["right"] = """<path d="M4 10h12m-4.5-4.5L16 10l-4.5 4.5"/>""",
        ["ring"] = """<path d="M10 2.8a7.2 7.2 0 1 1-6.2 3.5"/>""",
        ["search"] = """<circle cx="9" cy="9" r="5.2"/><path d="m13 13 4 4"/>""",
        ["slash"] = """<circle cx="10" cy="10" r="7"/><path d="m5.2 5.2 9.6 9.6"/>""",
        ["wallet"] =
            """<path d="M3 6.5A1.5 1.5 0 0 1 4.5 5H15v3M3 6.5V15a1.5 1.5 0 0 0 1.5 1.5H17V8H4.5A1.5 1.5 0 0 1 3 6.5ZM13.5 12.2v.1"/>""",
        ["x"] = """<path d="m5.5 5.5 9 9m0-9-9 9"/>""",
    };

    /// <summary>The icon at this place; <paramref name="isDirected"/> ones turn in right-to-left text.</summary>
    public static Html Use(string name, bool isDirected = false)
    {
        var turns = isDirected ? " icon--flip" : "";
        return Html.Of($"""<svg class="icon{turns}" aria-hidden="true"><use href="#i-{name}"/></svg>""");
    }

    /// <summary>The symbols that this body refers to.</summary>
    public static Html SymbolsFor(Html body)
    {
        var text = body.ToString();
        var used = Drawings
            .Where(d => text.Contains($"#i-{d.Key}\"", StringComparison.Ordinal))
            .Select(d => Html.Of($"""<symbol id="i-{d.Key}" viewBox="0 0 20 20">{Html.Trusted(d.Value)}</symbol>"""));
        return Html.Of($"<svg hidden>{used}</svg>");
    }
}
