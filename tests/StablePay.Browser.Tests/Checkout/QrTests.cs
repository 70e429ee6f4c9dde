using System.Text.RegularExpressions;
using CsCheck;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>Text, copy button, link and code say the same (CO-03), judged by a reader of codes that is not ours.</summary>
public sealed partial class QrTests
{
    [Fact]
    public async Task CO_03_code_link_text_and_copy_are_one_value_in_the_browser()
    {
        await using var host = await PageHost.StartAsync();
        var folder = Directory.CreateTempSubdirectory("codes").FullName;
        var pages = new[]
        {
            ("pay", ""),
            ("pay-bsc", ""),
            ("pay-tron", ""),
            ("pay-tron", "?from=exchange"),
            ("pay-solana", ""),
            ("pay-solana", "?from=exchange"),
            ("underpaid", ""),
            ("pay-test", ""),
            ("pay", "?from=exchange"),
        }
            .Select(
                (shown, at) =>
                {
                    var page = host.Fresh(Samples.All[shown.Item1], $"qr{at}{shown.Item1}");
                    var isExchange = shown.Item2.Length > 0;
                    return (page, isExchange, url: host.Show(page) + shown.Item2, file: $"{folder}/{at}.png");
                }
            )
            .ToList();
        var answers = await Chromium.RunAsync(
            "journeys.mjs",
            new
            {
                journey = "codes",
                pages = pages.Select(p => new { p.url, p.file }),
                scheme = "dark",
            }
        );
        answers.GetArrayLength().ShouldBe(pages.Count);
        foreach (var ((page, isExchange, _, file), seen) in pages.Zip(answers.EnumerateArray()))
        {
            var link = seen.GetProperty("link").GetString();
            var address = page.Chosen!.Address;
            seen.GetProperty("address").GetString().ShouldBe(address);
            seen.GetProperty("selected").GetString().ShouldBe(address, "a manual copy must be clean");
            seen.GetProperty("copies")
                .EnumerateArray()
                .Select(c => c.GetString())
                .Distinct()
                .ShouldBe([page.Remaining!.Value.ToPlainText(), address]);
            // The code that is seen first holds the address alone; the one with the amount is opened by hand.
            (await ReadAsync(file)).ShouldBe([address]);
            link.ShouldBe(isExchange ? null : page.PaymentUri);
            if (link is not null)
                (await ReadAsync(file + ".uri.png")).ShouldBe([link]);
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task CO_03_codes_of_random_payments_hold_what_their_page_shows()
    {
        await using var host = await PageHost.StartAsync();
        using var http = new HttpClient();
        var folder = Directory.CreateTempSubdirectory("codes").FullName;
        var expected = new List<string>();
        var files = new List<string>();
        foreach (var page in Payments())
        {
            var html = await http.GetStringAsync(host.Show(page));
            html.ShouldContain($"data-copy=\"{page.Chosen!.Address}\"");
            html.ShouldContain($"data-copy=\"{page.Remaining!.Value.ToPlainText()}\"");
            System.Net.WebUtility.HtmlDecode(html).ShouldContain($"href=\"{page.PaymentUri}\"");
            foreach (var (code, value) in Codes(html).Zip([page.Chosen.Address, page.PaymentUri!]))
            {
                files.Add(Path.Combine(folder, $"{files.Count:000}.pgm"));
                await File.WriteAllBytesAsync(files[^1], Picture(code));
                expected.Add(value);
            }
        }
        files.Count.ShouldBe(400);
        (await ReadAsync([.. files])).ShouldBe(expected);
        Directory.Delete(folder, recursive: true);
    }

    private static List<CheckoutPage> Payments()
    {
        var made = new List<CheckoutPage>();
        (
            from bytes in Gen.Byte.Array[20]
            from cents in Gen.Long[1, 1_000_000_000]
            from onBsc in Gen.Bool
            select (bytes, cents, onBsc)
        ).Sample(
            sample =>
            {
                var network = sample.onBsc ? SampleNetworks.Bsc : SampleNetworks.Ethereum;
                var address = Chains.Evm.EvmAddress.Parse("0x" + Convert.ToHexStringLower(sample.bytes)).ToString();
                var quote = Samples.Choose.Quote with { DueCents = sample.cents };
                lock (made)
                    made.Add(
                        Samples.Chosen(Samples.Choose with { Quote = quote }, network, network.Tokens[0], address)
                    );
            },
            iter: 200,
            threads: 1
        );
        return made;
    }

    private static MatchCollection Codes(string html) => Code().Matches(html);

    /// <summary>A path as a grey picture, six dots a module, with the white card around it.</summary>
    private static byte[] Picture(Match match)
    {
        var size = int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
        var side = (size + 8) * 6;
        var dots = new byte[side * side];
        Array.Fill(dots, (byte)255);
        var (x, y) = (0, 0);
        foreach (Match step in Step().Matches(match.Groups[2].Value))
        {
            var run = int.Parse(step.Groups["run"].Value, CultureInfo.InvariantCulture);
            if (step.Groups["x"].Success)
                (x, y) = (
                    int.Parse(step.Groups["x"].Value, CultureInfo.InvariantCulture),
                    int.Parse(step.Groups["y"].Value, CultureInfo.InvariantCulture)
                );
            else
                x += int.Parse(step.Groups["skip"].Value, CultureInfo.InvariantCulture);
            for (var row = (y + 4) * 6; row < (y + 5) * 6; row++)
                Array.Fill(dots, (byte)0, (row * side) + ((x + 4) * 6), run * 6);
            x += run;
        }
        return [.. System.Text.Encoding.ASCII.GetBytes($"P5\n{side} {side}\n255\n"), .. dots];
    }

    private static async Task<string[]> ReadAsync(params string[] files)
    {
        if (Chromium.Find("zbarimg") is not { } reader)
        {
            Assert.Skip("zbarimg is not installed");
            return [];
        }

        // Only QR: among some thousand codes the reader's other decoders see a DataBar strip in one's dots.
        var (exit, output, errors) = await Chromium.ProgramAsync(
            reader,
            ["--nodbus", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", .. files]
        );
        exit.ShouldBe(0, errors);
        return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    [GeneratedRegex("""<svg viewBox="0 0 (\d+) \d+" role="img"[^>]*><path d="([^"]+)"/>""")]
    private static partial Regex Code();

    [GeneratedRegex(@"(?:M(?<x>\d+) (?<y>\d+)\.5|m(?<skip>\d+) 0)h(?<run>\d+)")]
    private static partial Regex Step();
}
