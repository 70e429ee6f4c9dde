using StablePay.Engine.Checkout;
using StablePay.Engine.Quorums;

namespace StablePay.Engine.Tests.Watching;

/// <summary>
/// Sessions on simulated EVM networks, through the production engine; what its nodes do is the test's.
/// </summary>
public abstract class SimPaymentTest : IAsyncLifetime
{
    protected const string Payer = "0x1111111111111111111111111111111111111111";

    protected static readonly NetworkId Id = new("eip155:31337");
    protected static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    protected SimPaymentTest(FinalityRule finality) => Chain = ChainOf(Id, finality);

    protected SimChain Chain { get; }
    protected PaymentWorld World { get; private set; } = null!;
    protected Token Usdt => Chain.Network.Tokens[0];

    /// <summary>Further networks beside the first.</summary>
    protected virtual IReadOnlyList<SimChain> MoreChains => [];

    /// <summary>Who must agree on large payments of the first network.</summary>
    protected virtual Quorum Quorum => Quorum.None;

    /// <summary>A connection string, or null for a SQLite file.</summary>
    protected virtual Task<string?> PostgresAsync() => Task.FromResult<string?>(null);

    public virtual async ValueTask InitializeAsync()
    {
        foreach (var chain in (IReadOnlyList<SimChain>)[Chain, .. MoreChains])
        {
            chain.MineEmpty(15);
            chain.Finalize(13);
        }
        World = await PaymentWorld.StartAsync(
            new WorldOptions((_, _, _) => [Chain, .. MoreChains], await PostgresAsync())
            {
                Start = Start,
                Quorums = QuorumsOf(Quorum),
            }
        );
        await World.WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    internal static SimChain ChainOf(NetworkId id, FinalityRule finality) =>
        new(
            new Network(
                id,
                ChainFamily.Evm,
                $"Test network {id}",
                "ERC20",
                TimeSpan.FromSeconds(12),
                finality,
                [
                    new Token(id, Asset.Usdt, "0xdAC17F958D2ee523a2206206994597C13D831ec7", 6),
                    new Token(id, Asset.Usdc, "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48", 18),
                ],
                null,
                null
            ),
            Instant.From(Start)
        );

    protected static Dictionary<NetworkId, Quorum> QuorumsOf(Quorum quorum) => new() { [Id] = quorum };

    /// <summary>A session of so many cents, and its address for USDT on the first network.</summary>
    protected async Task<(SessionView Session, string Address)> SessionAsync(long cents)
    {
        var session = await World.OpenSessionAsync(cents, live: true, TimeSpan.FromHours(3));
        return (session, (await World.ChooseAsync(session, Id, Asset.Usdt)).Chosen!.Address);
    }

    /// <summary>A session, paid in full in the newest block.</summary>
    protected async Task<SessionView> PayAsync(long cents)
    {
        var (session, address) = await SessionAsync(cents);
        Chain.Mine(Transfer(address, cents));
        await World.WatchAsync();
        return session;
    }

    protected SimTransfer Transfer(string to, long cents) => new(Usdt, (UInt128)cents * 10_000, to, Payer);

    protected async Task MineAsync(int blocks)
    {
        Chain.MineEmpty(blocks);
        await World.WatchAsync();
    }

    /// <summary>Everything so far gets the finality tag of the node that is asked first.</summary>
    protected async Task FinalAsync()
    {
        Chain.MineEmpty(5);
        Chain.Finalize(Chain.Tip.Header.Ref.Height);
        await World.WatchAsync();
    }

    protected async Task LaterAsync(TimeSpan time)
    {
        World.Clock.Advance(time);
        await World.WatchAsync();
    }

    protected async Task<string> StatusAsync(SessionView session) => (await World.ReadAsync(session)).PaymentStatus;

    /// <summary>What the store has been credited in USDT of the first network, in atoms.</summary>
    protected async Task<UInt128> CreditedAsync() =>
        (
            await World.Database.Ledger.BalanceAsync(
                Core.Ledger.LedgerAccount.StoreBalance(World.Store.Store.Id),
                Usdt,
                default
            )
        ).Credits;
}
