using StablePay.Chains;
using StablePay.Core.Networks;

namespace StablePay.Testing.Nodes;

/// <summary>The production engine with the TRON emulator as its only network, and a clock that goes with its blocks.</summary>
public sealed class TronWorld : IAsyncDisposable
{
    private readonly HttpClient _http = new();

    private TronWorld(TronNode node, Network network) => (Node, Network) = (node, network);

    public TronNode Node { get; }
    public Network Network { get; }
    public PaymentWorld World { get; private set; } = null!;

    public static async Task<TronWorld> StartAsync()
    {
        var node = await TronNode.StartAsync();
        var tron = new TronWorld(node, await node.DeployTokensAsync());
        IChain Reader() => node.Reader(tron.Network, tron._http);
        tron.World = await StartAsync(Reader(), Reader);
        return tron;
    }

    /// <summary>An engine whose clock begins at the head's time.</summary>
    public static async Task<PaymentWorld> StartAsync(IChain chain, Func<IChain> another)
    {
        var head = await chain.HeaderAtAsync(await chain.HeadAsync(default), default);
        var world = await PaymentWorld.StartAsync(
            new WorldOptions((_, _, _) => [another()])
            {
                Start = DateTimeOffset.FromUnixTimeSeconds(head!.Time.UnixSeconds),
            }
        );
        await world.WatchAsync();
        return world;
    }

    /// <summary>Makes blocks, and lets the engine see them.</summary>
    public async Task BlocksAsync(int blocks)
    {
        await Node.MineAsync(blocks);
        // So that whoever waits for the clock looks again.
        World.Clock.Advance(TimeSpan.FromSeconds(1));
        await World.WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        _http.Dispose();
        await Node.DisposeAsync();
    }
}
