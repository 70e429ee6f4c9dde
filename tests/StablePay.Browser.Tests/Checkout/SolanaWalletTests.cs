using StablePay.Chains.Keys;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>
/// Wallets of Solana find the page by the Wallet Standard and get the bytes that the server made. Wallets and server are
/// stubs here: what the bytes are is the codec tests' matter, and no network is behind them.
/// </summary>
public sealed class SolanaWalletTests
{
    private const string Connect = "standard:connect";
    private const string Send = "solana:signAndSendTransaction";
    private const string Sign = "solana:signTransaction";
    private const string Made = "AQIDBAUGBwg=";
    private const string Payer = "BvzKvn6nUUAYtKu2pH3h5SbUkUNcRPQawg4bURBiojJx";
    private static readonly byte[] Signature = [0, 0, .. Enumerable.Range(1, 62).Select(i => (byte)i)];

    [Fact]
    public async Task A_wallet_gets_the_servers_bytes_and_its_signature_is_told()
    {
        await using var host = await PageHost.StartAsync();
        var down = host.Fresh(Samples.PayOnSolana, "solanaunmade");
        host.MadeTransfer = id => id == down.Id ? PageHost.Down : Made;
        host.SentTransfer = _ => "sentByTheServer";
        const string sent = "Waiting for the network";
        object[] scenarios =
        [
            Scenario("early", sent, [Connect, Send, Sign]),
            Scenario("late", sent, [Connect, Send], early: false),
            Scenario("signs", sent, [Connect, Sign]),
            Scenario(
                "declines",
                "You declined in your wallet. Nothing was sent.",
                [Connect, Send],
                refuses: "User rejected the request."
            ),
            Scenario("waits", "may have been sent", [Connect, Send], refuses: "Timed out."),
            Scenario("unmade", "could not prepare", [Connect, Send]),
            Scenario("devnet", null, [Connect, Send], chain: "solana:devnet"),
            Scenario("reads", null, [Connect]),
        ];
        var seen = await Chromium.RunAsync("journeys.mjs", new { journey = "solana", scenarios });
        string Of(string name) => $"{seen.GetProperty(name).GetProperty("given")}";

        Of("early").ShouldBe($"""[["send {Payer} solana:mainnet","{Made}"]]""");
        Of("late").ShouldBe(Of("early"));
        Of("signs").ShouldBe($"""[["sign {Payer} solana:mainnet","{Made}"]]""");
        Of("declines").ShouldBe(Of("early"));
        Of("unmade").ShouldBe("[]");
        foreach (var name in new[] { "early", "late" })
            seen.GetProperty(name).GetProperty("hash").GetString().ShouldBe(Base58.Encode(Signature));
        seen.GetProperty("signs").GetProperty("hash").GetString().ShouldBe("sentByTheServer");
        foreach (var name in new[] { "devnet", "reads" })
            seen.GetProperty(name).GetProperty("shown").GetBoolean().ShouldBeFalse(name);
        foreach (var answer in seen.EnumerateObject().Where(a => a.Value.TryGetProperty("reports", out _)))
            answer.Value.GetProperty("reports").GetArrayLength().ShouldBe(0, $"{answer}");
        host.Posts.Count(p => p.StartsWith($"make {Payer} ", StringComparison.Ordinal)).ShouldBe(6);
        host.Posts.Count(p => p.StartsWith("send ", StringComparison.Ordinal)).ShouldBe(1);
        host.Posts.Count(p => p == $"sent {Base58.Encode(Signature)}").ShouldBe(2);
        host.Posts.Count(p => p == "sent sentByTheServer").ShouldBe(1);

        object Scenario(
            string name,
            string? expected,
            string[] features,
            bool early = true,
            string? refuses = null,
            string chain = "solana:mainnet"
        ) =>
            new
            {
                name,
                url = host.Show(host.Fresh(Samples.PayOnSolana, "solana" + name)),
                expected,
                early,
                features,
                refuses,
                chains = new[] { chain },
                payer = Payer,
                signature = Convert.ToBase64String(Signature),
            };
    }
}
