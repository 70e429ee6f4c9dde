using StablePay.Chains;
using StablePay.Chains.Keys;
using StablePay.Chains.Sandbox;
using StablePay.Engine.Quorums;
using StablePay.Engine.Rates;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Watching;
using StablePay.Engine.Webhooks;
using StablePay.Storage;

namespace StablePay.Engine;

/// <summary>What an engine is made of. Production and simulation differ in these and in nothing else.</summary>
public sealed record EngineParts : IAsyncDisposable
{
    public required Database Database { get; init; }
    public required TimeProvider Clock { get; init; }
    public required Dice Dice { get; init; }

    /// <summary>This process in leases and claims; no other process may have the same.</summary>
    public required string Owner { get; init; }
    public required string PublicUrl { get; init; }
    public required IReadOnlyList<IChain> Chains { get; init; }

    /// <summary>The sandbox chains among <see cref="Chains"/>, for test payments.</summary>
    public required IReadOnlyDictionary<NetworkId, SandboxChain> Sandboxes { get; init; }
    public required IReadOnlyDictionary<NetworkId, IAddressDeriver> Derivers { get; init; }

    /// <summary>Who must agree on large payments, by network; those that are not here have one node.</summary>
    public IReadOnlyDictionary<NetworkId, Quorum> Quorums { get; init; } = new Dictionary<NetworkId, Quorum>();
    public required IHighWaterMark Mark { get; init; }
    public required SecretBox Secrets { get; init; }
    public required EgressPolicy Egress { get; init; }

    /// <summary>What carries webhooks; null for the internet, within <see cref="Egress"/>.</summary>
    public IHttpSender? Sender { get; init; }
    public required RateBook Rates { get; init; }

    /// <summary>What the coins are worth; null where nobody asks.</summary>
    public PegBook? Pegs { get; init; }

    /// <summary>From one comparison of books and chains to the next.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Takes a sentence for the operator.</summary>
    public required Action<string> Alert { get; init; }

    /// <summary>Takes a sentence on work that goes on, for the log.</summary>
    public Action<string> Note { get; init; } = _ => { };

    /// <summary>What else is to be disposed of with the engine.</summary>
    public IReadOnlyList<IDisposable> Owned { get; init; } = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in Owned)
            owned.Dispose();
        await Database.DisposeAsync();
    }
}
