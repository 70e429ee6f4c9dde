using StablePay.Chains;
using StablePay.Core.Networks;

namespace StablePay.Testing;

/// <summary>
/// One more node of a simulated chain, with failures of its own: away, behind, on another branch, or without a transfer
/// that the others have.
/// </summary>
public sealed class SimNode(SimChain chain) : IChain, IBalances
{
    private readonly HashSet<long> _replaced = [];
    private readonly HashSet<long> _silent = [];

    /// <summary>Whether it answers at all.</summary>
    public bool IsAway { get; set; }

    /// <summary>How many blocks its final one is behind the chain's.</summary>
    public int FinalLag { get; set; }

    /// <summary>What it tells of a balance in place of the truth.</summary>
    public Func<TokenAt, Holding, Holding>? Tells { get; set; }

    public int MostAtOnce => chain.MostAtOnce;

    /// <summary>Questions so far.</summary>
    public int Asked { get; private set; }

    public Network Network => chain.Network;

    /// <summary>It has another block at this height.</summary>
    public void Replace(long height) => _replaced.Add(height);

    /// <summary>It has the block at this height without what the others find in it.</summary>
    public void LeaveOut(long height) => _silent.Add(height);

    public Task ProbeAsync(CancellationToken ct) => Answer(() => chain.ProbeAsync(ct));

    public Task<long> HeadAsync(CancellationToken ct) => Answer(() => chain.HeadAsync(ct));

    public Task<BlockRef?> FinalizedAsync(CancellationToken ct) =>
        Answer(async () =>
            await chain.FinalizedAsync(ct) is { } final
            && await chain.HeaderAtAsync(final.Height - FinalLag, ct) is { } header
                ? header.Ref
                : (BlockRef?)null
        );

    public Task<BlockHeader?> HeaderAtAsync(long height, CancellationToken ct) =>
        Answer(async () =>
            await chain.HeaderAtAsync(height, ct) is { } header && _replaced.Contains(height)
                ? header with
                {
                    Ref = new BlockRef(height, "0x" + new string('f', 64)),
                }
                : await chain.HeaderAtAsync(height, ct)
        );

    public Task<BlockHeader?> HeaderAfterAsync(long height, long head, CancellationToken ct) =>
        Answer(() => chain.HeaderAfterAsync(height, head, ct));

    public Task<BlockTransfers> TransfersAsync(BlockHeader block, IAddressFilter ours, CancellationToken ct) =>
        Answer(() =>
            _silent.Contains(block.Ref.Height)
                ? Task.FromResult(BlockTransfers.None)
                : chain.TransfersAsync(block, ours, ct)
        );

    public Task<Holdings> HoldingsAsync(IReadOnlyList<TokenAt> accounts, BlockRef final, CancellationToken ct) =>
        Answer(async () =>
        {
            var told = await chain.HoldingsAsync(accounts, final, ct);
            return Tells is null
                ? told
                : told with
                {
                    Held = told.Held.ToDictionary(h => h.Key, h => Tells(h.Key, h.Value)),
                };
        });

    public bool TryReadAddress(string text, out byte[] raw) => chain.TryReadAddress(text, out raw);

    private Task<T> Answer<T>(Func<Task<T>> answer)
    {
        Asked++;
        return IsAway ? throw new NodeException(NodeFault.Unavailable, "scripted: away") : answer();
    }

    private Task Answer(Func<Task> answer)
    {
        Asked++;
        return IsAway ? throw new NodeException(NodeFault.Unavailable, "scripted: away") : answer();
    }
}
