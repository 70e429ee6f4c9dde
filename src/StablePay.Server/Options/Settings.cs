using System.Net;
using StablePay.Engine.Rates.Pegs;

namespace StablePay.Server.Options;

/// <summary>The settings as they were checked; nothing in it changes while the program runs.</summary>
internal sealed record Settings
{
    public required StablePayOptions Options { get; init; }

    /// <summary>Without a slash at its end. Null means localhost with the port that was bound.</summary>
    public required string? PublicUrl { get; init; }
    public required IPAddress Listen { get; init; }
    public required IReadOnlyList<IPNetwork> TrustedProxies { get; init; }

    /// <summary>The data directory, as a full path.</summary>
    public required string Data { get; init; }

    /// <summary>The database's file or connection string.</summary>
    public required string Connection { get; init; }
    public required string VaultPath { get; init; }

    /// <summary>The operator's passphrase; null for one of our own making.</summary>
    public required string? Passphrase { get; init; }

    /// <summary>The live networks, checked against the catalogue.</summary>
    public required IReadOnlyList<NetworkSettings> Networks { get; init; }

    public required PegPolicy Peg { get; init; }

    /// <summary>Whether no real money can be taken.</summary>
    public bool IsSandboxOnly => Networks.Count == 0;

    /// <summary>Whether a demo shop may be set up: never beside real money.</summary>
    public bool HasDemo => Options.Sandbox is { Enabled: true, Demo: true } && IsSandboxOnly;

    /// <summary>Never what it holds: a connection string and a passphrase are among it.</summary>
    public override string ToString() => nameof(Settings);
}
