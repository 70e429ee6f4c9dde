namespace StablePay.Server.Pages;

/// <summary>A language that the pages speak.</summary>
/// <param name="Tag">As in <c>html lang</c>.</param>
/// <param name="Name">What it calls itself.</param>
public sealed record Language(string Tag, string Name, string ShortTag, Words Words)
{
    private const string Cookie = "lang";

    public static readonly Language English = new("en", "English", "en", Words.Load("en.json"));
    public static readonly Language Chinese = new("zh-Hans", "中文", "zh", Words.Load("zh-Hans.json"));

    public static IReadOnlyList<Language> All { get; } = [English, Chinese];

    public bool IsChinese => this == Chinese;

    /// <summary>The query first, then what was chosen before, then what the browser asks for, then English.</summary>
    public static Language Of(HttpRequest request)
    {
        if (Find(request.Query["lang"]) is { } asked)
        {
            BrowserCookie.Keep(request.HttpContext, Cookie, asked.ShortTag);
            return asked;
        }
        return Find(BrowserCookie.Read(request, Cookie))
            ?? request
                .GetTypedHeaders()
                .AcceptLanguage.OrderByDescending(l => l.Quality ?? 1)
                .Select(l => Find(l.Value.ToString()))
                .FirstOrDefault(l => l is not null)
            ?? English;
    }

    private static Language? Find(string? tag) =>
        tag is null
            ? null
            : All.FirstOrDefault(l => l.ShortTag.Equals(tag.Split('-')[0], StringComparison.OrdinalIgnoreCase));
}
