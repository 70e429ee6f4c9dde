using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using StablePay.Server.Checkout;
using StablePay.Testing;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>The page, the engine and a real EVM node: a payer pays with a wallet in the browser.</summary>
public sealed class WalletOnAnvilTests
{
    [Fact]
    public async Task A_payment_by_injected_wallet_is_seen_confirmed_and_paid()
    {
        if (Chromium.WhyNot is not null)
            Assert.Skip(Chromium.WhyNot);
        await using var anvil = await AnvilWorld.StartAsync();
        var session = await anvil.World.OpenSessionAsync(4144, live: true);
        await using var app = await StartAsync(anvil);
        var seen = await Chromium.RunAsync(
            "anvil.mjs",
            new
            {
                @base = app.Urls.First(),
                url = $"{app.Urls.First()}/checkout/{session.Id}",
                node = anvil.Node.Url.ToString(),
                payer = anvil.Node.Payer,
                network = AnvilWorld.Network.Value,
            }
        );
        seen.GetProperty("errors").GetArrayLength().ShouldBe(0, $"{seen.GetProperty("errors")}");
        seen.GetProperty("reports").GetArrayLength().ShouldBe(0, $"{seen.GetProperty("reports")}");
        seen.GetProperty("seen").GetString().ShouldBe("We see your 41.44 USDT");
        seen.GetProperty("paid").GetString().ShouldBe("Paid");
        var paid = await anvil.World.ReadAsync(session);
        paid.PaymentStatus.ShouldBe("paid");
        paid.AmountReceived.ShouldBe(4144);
        paid.Transfers.Single().TransactionHash.ShouldBe(seen.GetProperty("hash").GetString());
    }

    private static async Task<WebApplication> StartAsync(AnvilWorld anvil)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        CheckoutPages.Map(app, CheckoutCalls.Of(anvil.World.Engine.Checkout, _ => true), anvil.World.Clock);
        app.MapPost("/test/block", () => anvil.BlockAsync());
        app.MapPost("/test/finalize", () => anvil.FinalizeAsync());
        await app.StartAsync();
        return app;
    }
}
