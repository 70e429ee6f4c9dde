using System.Security.Cryptography;
using System.Text;

namespace StablePay.Chains.Sandbox;

/// <summary>A test payment to make.</summary>
public sealed record SandboxPayOrder(Token Token, UInt128 Atoms, string From, string To);

/// <summary>What becomes of a transaction of the sandbox.</summary>
public sealed record SandboxFate
{
    /// <summary>It goes into the next block and stays there.</summary>
    public static readonly SandboxFate Usual = new();

    /// <summary>It stands in a block and moves nothing.</summary>
    public bool Reverted { get; init; }

    /// <summary>How long it waits before a block may take it.</summary>
    public TimeSpan Wait { get; init; }

    /// <summary>Its block leaves the chain when another comes above it, and it is sent again so much later.</summary>
    public TimeSpan? ComesAgain { get; init; }
}

/// <summary>
/// A chain inside the program, where nothing has worth. Blocks come by the clock and follow from it, so there is
/// nothing to store but movements and forks. A pending movement goes into the first block that the watcher has not
/// been served yet; a block once served changes only by a fork.
/// </summary>
public sealed class SandboxChain(Network network, ISandboxStore store, Dice dice, TimeProvider clock) : IChain
{
    /// <summary>When block 0 was: 2026-01-01T00:00:00Z.</summary>
    private static readonly Instant Genesis = Instant.FromUnixSeconds(1_767_225_600);

    private long _served = -1;

    public Network Network => network;

    public Task ProbeAsync(CancellationToken ct) => Task.CompletedTask;

    public Task<long> HeadAsync(CancellationToken ct)
    {
        var head = HeightAt(Instant.From(clock.GetUtcNow()));
        // Blocks that passed before anybody looked are closed; the next one takes what is pending.
        if (_served < 0)
            _served = head;
        return Task.FromResult(head);
    }

    public Task<BlockRef?> FinalizedAsync(CancellationToken ct) => Task.FromResult<BlockRef?>(null);

    public async Task<BlockHeader?> HeaderAtAsync(long height, CancellationToken ct)
    {
        if (height < 0 || height > await HeadAsync(ct))
            return null;
        var forks = await store.ForksAsync(network.Id, ct);
        return HeaderOf(height, forks);
    }

    public async Task<BlockHeader?> HeaderAfterAsync(long height, long head, CancellationToken ct)
    {
        // Who asks stands on this block. Has it been played to leave the chain, it leaves now, so that whoever follows
        // has seen it, however late they read it, and it is never final.
        if (await store.LeaveAsync(network.Id, height, Instant.From(clock.GetUtcNow()), ct) is { } left)
            Volatile.Write(ref _served, Math.Min(_served, left - 1));
        return await HeaderAtAsync(height + 1, ct);
    }

    public async Task<BlockTransfers> TransfersAsync(BlockHeader block, IAddressFilter ours, CancellationToken ct)
    {
        // Checked before and after: what waits is not given to a block that a fork replaces, and what a fork replaced
        // is not read as if it were this block's.
        await CheckAsync(block, ct);
        if (block.Ref.Height > Volatile.Read(ref _served))
        {
            await store.MineAsync(network.Id, block.Ref.Height, block.Time, ct);
            Volatile.Write(ref _served, block.Ref.Height);
        }
        var movements = await store.ListAtAsync(network.Id, block.Ref.Height, ct);
        await CheckAsync(block, ct);
        var found = new List<ObservedTransfer>();
        foreach (var movement in movements)
            if (Judge(movement, ours) is { } transfer)
                found.Add(transfer);
        return found.Count == 0 ? BlockTransfers.None : new BlockTransfers(found, []);
    }

    public bool TryReadAddress(string text, out byte[] raw) => SandboxAddress.TryRead(text, out raw);

    /// <summary>Sends test money. It is in no block until the next one.</summary>
    /// <returns>The transaction hash.</returns>
    public Task<string> PayAsync(SandboxPayOrder order, CancellationToken ct) =>
        PayAsync([order], SandboxFate.Usual, ct);

    /// <summary>Sends several movements in one transaction.</summary>
    public async Task<string> PayAsync(IReadOnlyList<SandboxPayOrder> orders, SandboxFate fate, CancellationToken ct)
    {
        var bytes = new byte[32];
        dice.Fill(bytes);
        var hash = "0x" + Convert.ToHexStringLower(bytes);
        // Without a wait the next block that nobody has read takes it, and that one may be older than now.
        var notBefore = fate.Wait > TimeSpan.Zero ? Instant.From(clock.GetUtcNow()) + fate.Wait : default;
        var movements = orders
            .Select(
                (o, i) =>
                    new SandboxTransaction(hash, i, o.Token.Contract, o.Atoms, o.From, o.To, fate.Reverted)
                    {
                        NotBefore = notBefore,
                        ComesAgain = fate.ComesAgain,
                    }
            )
            .ToList();
        await store.AddPendingAsync(network.Id, movements, ct);
        return hash;
    }

    /// <summary>
    /// Replaces the newest blocks. What they held is lost, or comes again in the next block that is read.
    /// </summary>
    /// <param name="depth">How many blocks, 1 or more.</param>
    public async Task ReorgAsync(int depth, bool drop, CancellationToken ct)
    {
        var head = await HeadAsync(ct);
        await store.ForkAsync(network.Id, head - depth + 1, drop, ct);
        // The replaced blocks are new ones: whoever reads them may find pending movements in them.
        Volatile.Write(ref _served, Math.Min(_served, head - depth));
    }

    private async Task CheckAsync(BlockHeader block, CancellationToken ct)
    {
        var there =
            block.Ref.Height <= await HeadAsync(ct)
            && HeaderOf(block.Ref.Height, await store.ForksAsync(network.Id, ct)) == block;
        if (!there)
            throw new NodeException(NodeFault.Lagging, $"block {block.Ref} is not on the sandbox chain");
    }

    /// <summary>The credit predicate of the sandbox.</summary>
    private ObservedTransfer? Judge(SandboxTransaction movement, IAddressFilter ours)
    {
        if (movement.Reverted || network.FindContract(movement.Contract) is not { } token)
            return null;
        if (!SandboxAddress.TryRead(movement.To, out var to) || !ours.MayContain(to))
            return null;
        return new ObservedTransfer(
            movement.Hash,
            movement.Position,
            new TokenAmount(token, movement.Atoms),
            movement.From,
            movement.To
        );
    }

    private long HeightAt(Instant now) => (long)((now - Genesis) / network.BlockTime);

    private BlockHeader HeaderOf(long height, IReadOnlyList<SandboxForkPoint> forks) =>
        new(
            new BlockRef(height, HashOf(height, forks)),
            new BlockRef(height - 1, height == 0 ? "" : HashOf(height - 1, forks)),
            Genesis + (network.BlockTime * height)
        );

    private string HashOf(long height, IReadOnlyList<SandboxForkPoint> forks)
    {
        var fork = forks.Where(f => f.FromHeight <= height).Select(f => f.Number).DefaultIfEmpty(0).Max();
        var text = string.Create(CultureInfo.InvariantCulture, $"{network.Id}|{height}|{fork}");
        return "0x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }
}
