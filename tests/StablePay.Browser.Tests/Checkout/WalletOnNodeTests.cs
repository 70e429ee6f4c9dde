using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using StablePay.Chains.Keys;
using StablePay.Server.Checkout;
using StablePay.Testing.Nodes;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>The page, the engine and a node: a payer pays with a wallet in the browser.</summary>
public sealed class WalletOnNodeTests
{
    private const int CallLength = 4 + 32 + 32;

    [Fact]
    public async Task A_payment_by_injected_wallet_is_seen_confirmed_and_paid()
    {
        if (Chromium.WhyNot is not null)
            Assert.Skip(Chromium.WhyNot);
        await using var anvil = await AnvilWorld.StartAsync();
        var session = await anvil.World.OpenSessionAsync(4144, live: true);
        await using var app = await StartAsync(anvil.World, anvil.BlockAsync, () => anvil.FinalizeAsync());
        var seen = await PayAsync(app, session, new("evm", anvil.Node.Url, anvil.Node.Payer, AnvilWorld.Network));
        var hash = seen.GetProperty("hash").GetString()!;
        await PaidAsync(anvil.World, session, hash);

        // The token executed the transfer and left the reference behind it alone.
        var sent = await anvil.Node.Rpc.CallAsync("eth_getTransactionByHash", hash);
        var call = Convert.FromHexString(sent.GetProperty("input").GetString()![2..]);
        call.Length.ShouldBe(CallLength + PaymentReference.ShortLength);
        var page = await anvil.World.Engine.Checkout.PageAsync(SessionId.From(session.Id), default);
        call[CallLength..].ShouldBe(page!.Chosen!.ReferenceIn(page.Id).Short.ToArray());
        await NotedAsync(anvil.World, session, seen, "0x" + new string('7', 63));
    }

    /// <summary>
    /// The wallet is tronweb in the page's own world, as TronLink's is: what it signs the emulator checks with a tronweb
    /// of its own, and executes.
    /// </summary>
    [Fact]
    public async Task A_payment_that_tronweb_signs_in_the_page_is_seen_confirmed_and_paid()
    {
        if (Chromium.WhyNot is not null)
            Assert.Skip(Chromium.WhyNot);
        await using var tron = await TronWorld.StartAsync();
        // A transfer names the solidified block, and the first one of a chain has no time.
        await tron.BlocksAsync(20);
        var session = await tron.World.OpenSessionAsync(4144, live: true);
        await using var app = await StartAsync(tron.World, () => tron.BlocksAsync(1), () => tron.BlocksAsync(20));
        var seen = await PayAsync(
            app,
            session,
            new("tron", tron.Node.Url, tron.Node.Payer.ToString(), tron.Network.Id)
        );
        var hash = seen.GetProperty("hash").GetString()!;
        await PaidAsync(tron.World, session, hash);
        var call = Convert.FromHexString(seen.GetProperty("call").GetString()!);
        call.Length.ShouldBe(CallLength + PaymentReference.ShortLength);
        await NotedAsync(tron.World, session, seen, "0x" + hash);
        // Why the server sends: the wallet's own node is out of its reach here.
        seen.GetProperty("blocked").GetString()!.ShouldStartWith("connect-src");
        await NothingToSignAsync(tron, session);
    }

    /// <summary>
    /// The wallet is kit in the page's own world, found by the Wallet Standard. One sends by its own node, the other only
    /// signs, and the server sends: the same transfer either way, and the runtime executes it.
    /// </summary>
    [Theory]
    [InlineData("solana:signAndSendTransaction")]
    [InlineData("solana:signTransaction")]
    public async Task A_payment_that_kit_signs_in_the_page_is_seen_confirmed_and_paid(string feature)
    {
        if (Chromium.WhyNot is not null)
            Assert.Skip(Chromium.WhyNot);
        await using var solana = await SolanaWorld.StartAsync();
        var usdc = solana.Network.Tokens.Single(t => t.Asset == Asset.Usdc);
        var payer = await solana.Node.FundAsync("shopper", usdc, 41_440_000);
        await solana.BlocksAsync(1);
        var session = await solana.World.OpenSessionAsync(4144, live: true);
        await using var app = await StartAsync(solana.World, () => solana.BlocksAsync(1), () => solana.BlocksAsync(32));
        var wallet = new WalletOnNode("solana", solana.Node.Url, payer, solana.Network.Id)
        {
            Asset = "USDC",
            Key = SolanaNode.KeyOf("shopper"),
            Feature = feature,
        };
        var seen = await PayAsync(app, session, wallet);
        var hash = seen.GetProperty("hash").GetString()!;
        await PaidAsync(solana.World, session, hash);
        var page = await solana.World.Engine.Checkout.PageAsync(SessionId.From(session.Id), default);
        var reference = page!.Chosen!.ReferenceIn(page.Id);
        (await solana.Node.AccountsOfAsync(hash)).ShouldContain(Base58.Encode(reference.Key));
        await NotedAsync(solana.World, session, seen, "0x" + hash);
        // Why the server makes it: the wallet's own node is out of its reach here.
        seen.GetProperty("blocked").GetString()!.ShouldStartWith("connect-src");
    }

    /// <summary>Nothing is made of a payment that waits for none, and a node that is away is said to be.</summary>
    private static async Task NothingToSignAsync(TronWorld tron, SessionView paid)
    {
        var desk = tron.World.Engine.Checkout;
        var payer = tron.Node.Payer.ToString();
        var open = await tron.World.OpenSessionAsync(2599, live: true);
        async Task<ErrorCode?> MakeAsync(SessionView session) =>
            (await desk.MakeTransferAsync(SessionId.From(session.Id), payer, default)).Rejection?.Code;

        (await MakeAsync(paid)).ShouldBe(ErrorCode.ResourceNotFound);
        (await MakeAsync(open)).ShouldBe(ErrorCode.ResourceNotFound, "no network was chosen");
        await tron.World.ChooseAsync(open, tron.Network.Id, Asset.Usdt);
        (await MakeAsync(open)).ShouldBeNull();
        await tron.Node.FailAsync("/walletsolidity/getblock", "", times: 100, status: 500);
        (await MakeAsync(open)).ShouldBe(ErrorCode.NetworkUnavailable);
        tron.World.Clock.Advance(TimeSpan.FromDays(1));
        (await MakeAsync(open)).ShouldBe(ErrorCode.ResourceNotFound, "its time is over");
    }

    /// <summary>What the script in the browser is told of the wallet that it plays.</summary>
    private sealed record WalletOnNode(string Family, Uri Node, string Payer, NetworkId Network)
    {
        public string Asset { get; init; } = "USDT";
        public byte[]? Key { get; init; }
        public string? Feature { get; init; }
    }

    private static async Task<JsonElement> PayAsync(WebApplication app, SessionView session, WalletOnNode wallet)
    {
        var seen = await Chromium.RunAsync(
            "node-wallets.mjs",
            new
            {
                family = wallet.Family,
                @base = app.Urls.First(),
                url = $"{app.Urls.First()}/checkout/{session.Id}",
                node = wallet.Node.ToString(),
                payer = wallet.Payer,
                network = wallet.Network.Value,
                asset = wallet.Asset,
                key = wallet.Key,
                feature = wallet.Feature,
            }
        );
        seen.GetProperty("errors").GetArrayLength().ShouldBe(0, $"{seen.GetProperty("errors")}");
        seen.GetProperty("reports").GetArrayLength().ShouldBe(0, $"{seen.GetProperty("reports")}");
        seen.GetProperty("seen").GetString().ShouldBe($"We see your 41.44 {wallet.Asset}");
        seen.GetProperty("paid").GetString().ShouldBe("Paid");
        return seen;
    }

    /// <summary>The hash was told, and the watcher looks at once; what is no hash of the network is named.</summary>
    private static async Task NotedAsync(PaymentWorld world, SessionView session, JsonElement seen, string wrong)
    {
        seen.GetProperty("noted").GetString().ShouldBe(seen.GetProperty("hash").GetString());
        var hint = world.Engine.Watchers.Single().Hint;
        hint.WaitAsync(TimeSpan.FromDays(1), world.Clock, default).IsCompletedSuccessfully.ShouldBeTrue();
        hint.WaitAsync(TimeSpan.FromDays(1), world.Clock, default).IsCompleted.ShouldBeFalse();
        var calls = CheckoutCalls.Of(world.Engine.Checkout, _ => true);
        foreach (var text in new[] { wrong, "", "x" + seen.GetProperty("hash").GetString() })
            (await calls.NoteSent(SessionId.From(session.Id), text, default))!.Param.ShouldBe("transaction_hash");
        (await calls.NoteSent(SessionId.From(session.Id + "x"), wrong, default))!.Code.ShouldBe(
            ErrorCode.ResourceNotFound
        );
    }

    private static async Task PaidAsync(PaymentWorld world, SessionView session, string hash)
    {
        var paid = await world.ReadAsync(session);
        paid.PaymentStatus.ShouldBe("paid");
        paid.AmountReceived.ShouldBe(4144);
        paid.Transfers.Single().TransactionHash.ShouldBe(hash);
    }

    private static async Task<WebApplication> StartAsync(PaymentWorld world, Func<Task> block, Func<Task> finalize)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        CheckoutPages.Map(app, CheckoutCalls.Of(world.Engine.Checkout, _ => true), world.Clock);
        app.MapPost("/test/block", block);
        app.MapPost("/test/finalize", finalize);
        await app.StartAsync();
        return app;
    }
}
