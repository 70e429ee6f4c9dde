using StablePay.Chains;
using StablePay.Core.Networks;

namespace StablePay.Testing.Nodes;

/// <summary>The production engine with one network, whose node is a program of tests/.</summary>
public static class NodeWorld
{
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
}

/// <summary>Such an engine with its node, and a clock that goes with the node's blocks.</summary>
public abstract class NodeWorld<TNode>(TNode node, Network network) : IAsyncDisposable
    where TNode : NodeProgram
{
    private readonly HttpClient _http = new();

    public TNode Node { get; } = node;
    public Network Network { get; } = network;
    public PaymentWorld World { get; private set; } = null!;

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
        GC.SuppressFinalize(this);
    }

    protected async Task OpenAsync() => World = await NodeWorld.StartAsync(Reader(_http), () => Reader(_http));

    protected abstract IChain Reader(HttpClient http);
}
