using System.Text.RegularExpressions;
using StablePay.Server.Pages;

namespace StablePay.Browser.Tests;

/// <summary>Both languages say the same things, and nothing is written that no page shows.</summary>
public sealed partial class WordsTests
{
    private static readonly IReadOnlyDictionary<string, string> English = Language.English.Words.Texts;
    private static readonly IReadOnlyDictionary<string, string> Chinese = Language.Chinese.Words.Texts;

    [Fact]
    public void Every_sentence_exists_in_both_languages_with_the_same_holes()
    {
        Chinese.Keys.ShouldBe(English.Keys, ignoreOrder: true);
        foreach (var (key, text) in English)
            Holes(Chinese[key]).ShouldBe(Holes(text), ignoreOrder: true, key);
    }

    [Fact]
    public void Sentences_hold_no_markup_and_no_shouting()
    {
        foreach (var (key, text) in English.Concat(Chinese))
        {
            text.ShouldNotContain("<", Case.Insensitive, key);
            text.ShouldNotContain("!", Case.Insensitive, key);
            text.Trim().ShouldBe(text, key);
            text.ShouldNotBeEmpty(key);
        }
    }

    [Fact]
    public void Every_sentence_is_used()
    {
        var source = string.Concat(
            Directory
                .EnumerateFiles(
                    Path.Combine(Chromium.Root, "src/StablePay.Server"),
                    "*.cs",
                    SearchOption.AllDirectories
                )
                .Where(path => !path.Contains("/obj/", StringComparison.Ordinal))
                .Select(File.ReadAllText)
        );
        // Keys that are put together from a name: networks, notes, states, verdicts.
        string[] composed =
        [
            "network.",
            "note.",
            "choose.why.",
            "transfer.",
            "span.",
            "demo.order_",
            "demo.verdict_",
            "expired.",
            "canceled.",
            "failed.",
            "frozen.",
            "late.",
            "wrong_coin.",
            "wrong_network.",
            "not_found.",
            "foreign.",
            "too_many.",
            "no_rate.",
            "error.",
            "scenario.",
        ];
        English
            .Keys.Where(key => !composed.Any(c => key.StartsWith(c, StringComparison.Ordinal)))
            .Where(key => !source.Contains($"\"{key}\"", StringComparison.Ordinal))
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("已看到您的 41.44 USDT 转账", "seen.title", "41.44 USDT")]
    [InlineData("约需 3 分钟", "confirming.left", "3 分钟")]
    public void Chinese_is_spaced_from_latin_letters_and_digits_only(string expected, string key, string value) =>
        Language.Chinese.Words.Plain(key, (Holes(Chinese[key]).Single(), value)).ShouldBe(expected);

    [Fact]
    public void A_brace_inside_a_value_is_a_brace() =>
        Language
            .English.Words.Say("paid.text", ("shop", Html.Text("{order}")), ("order", Html.Text("A<1")))
            .ToString()
            .ShouldBe("{order} has your payment for order A&lt;1.");

    private static string[] Holes(string text) => [.. Hole().Matches(text).Select(m => m.Groups[1].Value)];

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Hole();
}
