using StablePay.Chains;
using StablePay.Core.Money;

namespace StablePay.Chains.Tests.Contract;

/// <summary>A movement to make on the chain under test.</summary>
public sealed record Payment(Token Token, UInt128 Atoms, string To);

/// <summary>
/// A chain that can be made to happen: payments, blocks, reorganisations. What it does for that is the rig's business;
/// what its <see cref="IChain"/> answers is under test.
/// </summary>
public abstract class ChainRig : IAsyncDisposable
{
    public abstract IChain Chain { get; }

    /// <summary>Another reader of the same chain, which remembers nothing.</summary>
    public abstract IChain Another();

    public abstract string AddressOf(int index);

    /// <summary>Sends one transaction; it is in no block before the next <see cref="MineAsync"/>.</summary>
    /// <returns>Its hash.</returns>
    public abstract Task<string> PayAsync(bool reverted, params IReadOnlyList<Payment> payments);

    public abstract Task MineAsync(int blocks = 1);

    /// <summary>Replaces the newest blocks by as many others; their transactions come again in them, or are lost.</summary>
    public abstract Task ReorgAsync(int depth, bool drop);

    /// <summary>Hides the newest blocks from the reader. False if such a chain has no node that could lag.</summary>
    public virtual bool TryLag(int blocks) => false;

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        GC.SuppressFinalize(this);
    }

    protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    public Task<string> PayAsync(params IReadOnlyList<Payment> payments) => PayAsync(false, payments);

    /// <summary>What a reader is to tell of these payments, sent in one transaction: each with its position.</summary>
    public virtual IReadOnlyList<(long Position, Payment Payment)> Told(IReadOnlyList<Payment> payments) =>
        [.. payments.Select((payment, i) => ((long)i, payment))];

    /// <summary>Whether the movements of one transaction are told in the order in which they were asked for.</summary>
    public virtual bool TellsInOrder => true;

    /// <summary>Whether a character too few is noticed.</summary>
    public virtual bool HasChecksum => true;

    public Token TokenOf(int index) => Chain.Network.Tokens[index % Chain.Network.Tokens.Count];
}

/// <summary>Exactly the addresses it was given.</summary>
public sealed class Ours : IAddressFilter
{
    private readonly HashSet<string> _addresses = [];

    public Ours(IChain chain, params IEnumerable<string> addresses)
    {
        foreach (var address in addresses)
            _addresses.Add(
                chain.TryReadAddress(address, out var raw)
                    ? Convert.ToHexString(raw)
                    : throw new ArgumentException($"{address} is not an address of {chain.Network.Id}")
            );
    }

    /// <summary>How often it was asked: once for each log that has the form of a transfer.</summary>
    public int Asked { get; private set; }

    public bool MayContain(ReadOnlySpan<byte> address)
    {
        Asked++;
        return _addresses.Contains(Convert.ToHexString(address));
    }
}
