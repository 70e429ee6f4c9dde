using System.Text;

namespace StablePay.Server.Pages;

/// <summary>
/// Text that a merchant or a payer wrote, made fit for a page that people trust: short, one line, without characters
/// that turn the reading direction or cannot be seen, and isolated from what stands around it (CO-08).
/// </summary>
internal static class MerchantText
{
    public const int NameLength = 60;
    public const int LineLength = 120;

    /// <summary>Plain text, at most so many characters.</summary>
    public static string Short(string text, int most)
    {
        var clean = new StringBuilder(Math.Min(text.Length, most));
        foreach (var rune in text.EnumerateRunes())
        {
            if (clean.Length >= most)
                return clean.ToString().TrimEnd() + "…";
            if (Rune.IsWhiteSpace(rune) || rune.Value is '\n' or '\r' or '\t')
            {
                if (clean.Length > 0 && clean[^1] != ' ')
                    clean.Append(' ');
            }
            else if (IsVisible(rune))
                clean.Append(rune);
        }
        return clean.ToString().TrimEnd();
    }

    /// <summary>The same in an element of its own direction.</summary>
    public static Html Isolated(string text, int most) => Html.Of($"<bdi>{Short(text, most)}</bdi>");

    /// <summary>One or two letters to stand for a logo.</summary>
    public static string Initials(string name)
    {
        var words = Short(name, NameLength)
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Where(w => Rune.IsLetterOrDigit(Rune.GetRuneAt(w, 0)))
            .Take(2)
            .Select(w => Rune.ToUpperInvariant(Rune.GetRuneAt(w, 0)).ToString())
            .ToArray();
        return words.Length == 0
            ? "·"
            : string.Concat(words[0].Length > 0 && words[0][0] > 0x2E80 ? words[..1] : words);
    }

    private static bool IsVisible(Rune rune) =>
        Rune.GetUnicodeCategory(rune)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
}
