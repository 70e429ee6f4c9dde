using System.Text;
using StablePay.Core.Errors;
using StablePay.Engine.Checkout;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Tests.Watching;

namespace StablePay.Engine.Tests.Rates;

/// <summary>A world in which three sources say what USDC is worth, and live payments on one network.</summary>
public abstract class PegTest
{
    protected static readonly NetworkId Id = new("eip155:31337");
    protected static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero));

    private readonly Dictionary<string, ToldPeg> _sources = new[] { "a", "b", "c" }.ToDictionary(
        n => n,
        n => new ToldPeg(n)
    );

    protected static PegReading Reading(string source, string price, Instant asOf)
    {
        Rate.TryParse(price, out var rate).ShouldBeTrue();
        return new PegReading(source, Asset.Usdc, rate, asOf);
    }

    /// <summary>What the three sources say of USDC at the next refresh; null is a source that is away.</summary>
    protected async Task SayAsync(PaymentWorld world, params string?[] prices)
    {
        for (var i = 0; i < prices.Length; i++)
        {
            var (name, price) = (_sources.Keys.ElementAt(i), prices[i]);
            _sources[name].Says = price is null ? null : Reading(name, price, world.Now);
        }
        await world.Engine.Pegs!.RefreshAsync(default);
    }

    protected async Task<PaymentWorld> WorldAsync(BelowPeg below)
    {
        var world = await PaymentWorld.StartAsync(
            new WorldOptions((_, _, _) => [SimPaymentTest.ChainOf(Id, new FinalityRule.Depth(12))])
            {
                Pegs = (database, clock, alert) =>
                    new PegBook(
                        [.. _sources.Values],
                        new Silent(),
                        database.Rates,
                        PegPolicy.Default with
                        {
                            Below = below,
                        },
                        clock,
                        alert
                    ),
            }
        );
        await world.WatchAsync();
        return world;
    }

    protected static Task<SessionView> OpenAsync(PaymentWorld world) => world.OpenSessionAsync(2_599, live: true);

    protected static async Task<Rejection?> ChooseAsync(PaymentWorld world, SessionView session, Asset asset)
    {
        var answer = await world.Engine.Checkout.ChooseAsync(SessionId.From(session.Id), Id, asset, default);
        return answer.IsOk ? null : answer.Rejection;
    }

    protected static async Task<PageOption> OptionAsync(PaymentWorld world, SessionView session, Asset asset) =>
        (await world.Engine.Checkout.PageAsync(SessionId.From(session.Id), default))!.Options.Single(o =>
            o.Token.Asset == asset
        );

    protected static async Task<CheckoutPage> PageAsync(PaymentWorld world, SessionView session) =>
        (await world.Engine.Checkout.PageAsync(SessionId.From(session.Id), default))!;

    /// <summary>So much of the chosen coin, until it is final.</summary>
    protected static async Task PayAsync(PaymentWorld world, SessionView session, string amount)
    {
        var chain = (SimChain)world.Chains[0];
        var chosen = (await PageAsync(world, session)).Chosen!;
        Decimals.TryParse(amount, chosen.Token.Decimals, out var atoms).ShouldBeTrue();
        chain.Mine(new SimTransfer(chosen.Token, atoms, chosen.Address, "0x" + new string('1', 40)));
        chain.MineEmpty(12);
        await world.WatchAsync();
    }

    /// <summary>A fake: says what the test tells it to.</summary>
    private sealed class ToldPeg(string name) : IPegSource
    {
        public PegReading? Says { get; set; }

        public string Name => name;

        public Uri Address { get; } = new($"https://{name}.example/");

        public PegAnswer Parse(ReadOnlyMemory<byte> answer) =>
            Says is { } reading ? new PegAnswer([reading], []) : PegAnswer.Failed(name, "away");
    }

    /// <summary>A fake: every answer is empty.</summary>
    private sealed class Silent : IRateFetch
    {
        public Task<byte[]> GetAsync(Uri address, CancellationToken ct) => Task.FromResult(Encoding.UTF8.GetBytes(""));
    }
}
