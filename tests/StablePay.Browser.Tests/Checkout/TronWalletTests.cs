using System.Text.Json;
using System.Text.Json.Nodes;
using StablePay.Chains.Tron;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>Wallets of TRON on the page, in every form that they have, and links that open the page inside one.</summary>
public sealed class TronWalletTests : IAsyncLifetime
{
    private const string Hash = "7777777777777777777777777777777777777777777777777777777777777777";
    private static readonly string Payer = Chains.Tokens.Tron[0].Contract;

    private readonly List<object> _scenarios = [];
    private readonly Dictionary<string, SessionId> _ids = [];
    private PageHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await PageHost.StartAsync();

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    /// <summary>One browser for all of them: starting it takes longer than they do.</summary>
    [Fact]
    public async Task A_wallet_signs_exactly_the_transfer_on_the_page_or_nothing()
    {
        const string sent = "Waiting for the network";
        foreach (var form in new[] { "announced", "tron", "tronLink", "okx", "bybit" })
            Add(form, form, sent);
        Add("connect-announced", "announced", "declined", refuses: "connect");
        Add("connect-older", "tronLink", "declined", refuses: "connect");
        Add("sign", "announced", "You declined in your wallet. Nothing was sent.", refuses: "sign");
        Add("other-chain", "announced", "Switch to TRON", chain: "0xcd8690dc");
        Add("other-node", "tronLink", "Switch to TRON", node: "https://nile.trongrid.io");
        Add("moved", "announced", "", becomes: "still missing");
        Add("unmade", "announced", "could not prepare");
        Add("changed", "announced", "out of date", leaves: true);
        Add("refused", "announced", "did not take it");
        Add("unclear", "announced", "may have been sent");
        _host.MadeTransfer = id =>
            id == _ids["unmade"] ? PageHost.Down
            : id == _ids["changed"] ? Made(id, call => call.Replace("a9059cbb", "23b872dd", StringComparison.Ordinal))
            : Made(id, call => call);
        _host.SentTransfer = id =>
            id == _ids["refused"] ? new Rejection(ErrorCode.ParameterInvalid, "BANDWITH_ERROR", "transaction")
            : id == _ids["unclear"] ? PageHost.Down
            : Hash;
        var seen = await Chromium.RunAsync("journeys.mjs", new { journey = "tron", scenarios = _scenarios });
        foreach (var answer in seen.EnumerateObject().Where(a => a.Name is not ("moved" or "changed")))
            answer.Value.GetProperty("reports").GetArrayLength().ShouldBe(0, $"{answer}");

        foreach (var form in new[] { "announced", "tron", "tronLink", "okx", "bybit" })
        {
            var answer = seen.GetProperty(form);
            answer.GetProperty("hash").GetString().ShouldBe(Hash, form);
            answer.GetProperty("disabled").GetBoolean().ShouldBeTrue(form);
            answer.GetProperty("busy").GetString()!.ShouldContain("Look into your wallet");
            Posts(form).ShouldBe(["make", "send"], form);
        }
        _host.Posts.Count(p => p == $"sent {Hash}").ShouldBe(5);
        foreach (var name in new[] { "connect-announced", "connect-older", "other-chain", "other-node" })
            Posts(name).ShouldBeEmpty(name);
        foreach (var name in new[] { "sign", "moved", "unmade", "changed" })
            Posts(name).ShouldBe(["make"], name);
        Asked(seen, "sign").ShouldContain("sign");
        Asked(seen, "other-chain").ShouldContain("wallet_switchEthereumChain");
        Asked(seen, "changed").ShouldNotContain("sign");
    }

    [Fact]
    public async Task Links_into_wallets_stand_on_phones_only_and_say_so_when_nothing_opens()
    {
        var page = _host.Fresh(Samples.PayOnTron, "links");
        var seen = await Chromium.RunAsync("journeys.mjs", new { journey = "links", url = _host.Show(page) });
        seen.GetProperty("links")
            .EnumerateArray()
            .Select(l => l.GetString())
            .ShouldBe(
                Engine
                    .Paying.DeepLinks.Of(Chains.Networks.Tron, Samples.UrlOf(page.Id.Value) + "?lang=en")
                    .Select(l => l.Url)
            );
        seen.GetProperty("noscript").GetInt32().ShouldBe(4);
        seen.GetProperty("desk").GetInt32().ShouldBe(0);
        seen.GetProperty("withWallet").GetInt32().ShouldBe(0, "inside a wallet there is none to open");
        seen.GetProperty("before").GetBoolean().ShouldBeFalse();
        seen.GetProperty("words").GetString().ShouldBe("Binance: open the Binance app and scan the address.");
        var panel = seen.GetProperty("panel");
        panel.GetProperty("title").GetString().ShouldBe("Did TokenPocket not open?");
        panel.GetProperty("live").GetString().ShouldBe("Did TokenPocket not open?");
        panel.GetProperty("install").GetString().ShouldBe("https://www.tokenpocket.pro/");
        panel.GetProperty("copy").GetString().ShouldBe(page.Chosen!.Address);
        seen.GetProperty("navigations").GetInt32().ShouldBe(0, "nothing is opened that was not pressed");
        seen.GetProperty("url").GetString().ShouldBe(_host.Show(page));
        seen.GetProperty("foreign")
            .EnumerateArray()
            .Select(r => r.GetString())
            .ShouldBe([seen.GetProperty("links")[1].GetString()]);
    }

    private void Add(
        string name,
        string form,
        string expected,
        string? refuses = null,
        string? chain = null,
        string? node = null,
        string? becomes = null,
        bool leaves = false
    )
    {
        var page = _host.Fresh(Samples.PayOnTron, "tron" + name);
        _ids[name] = page.Id;
        var address = _host.Show(page);
        _scenarios.Add(
            new
            {
                name,
                url = address,
                form,
                expected,
                refuses,
                chain,
                host = node,
                becomes,
                leaves,
                moves = becomes is null ? null : new Uri(_host.BaseUrl, $"/test/{page.Id}/underpaid").ToString(),
                payer = Payer,
                hex = new[] { Payer, page.Chosen!.Token.Contract }
                    .Distinct()
                    .ToDictionary(a => a, a => TronAddress.Parse(a).ToHex()),
            }
        );
    }

    /// <summary>What a wallet looks at of a transaction; the rest is the node tests' matter.</summary>
    private Result<string> Made(SessionId id, Func<string, string> change)
    {
        var page = _host[id];
        var value = new JsonObject
        {
            ["data"] = change(page.TransferCallData![2..]),
            ["owner_address"] = TronAddress.Parse(Payer).ToHex(),
            ["contract_address"] = TronAddress.Parse(page.Chosen!.Token.Contract).ToHex(),
        };
        var contract = new JsonObject { ["parameter"] = new JsonObject { ["value"] = value } };
        return new JsonObject
        {
            ["raw_data"] = new JsonObject { ["contract"] = new JsonArray(contract) },
        }.ToJsonString();
    }

    private string[] Posts(string name) =>
        [
            .. _host
                .Posts.Where(p => p.EndsWith($" {_ids[name]}", StringComparison.Ordinal))
                .Select(p => p.Split(' ')[0]),
        ];

    private static IEnumerable<string?> Asked(JsonElement seen, string name) =>
        seen.GetProperty(name).GetProperty("asked").EnumerateArray().Select(a => a.GetString());
}
