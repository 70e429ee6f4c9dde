using StablePay.Chains;

namespace StablePay.Engine.Quorums;

/// <summary>One node of a network, asked alone.</summary>
/// <param name="Name">For the operator: its place in the settings and its host, never its whole address.</param>
public sealed record NodeSource(string Name, IChain Chain);

/// <summary>
/// Asks every node of a network, each alone, whether it tells the same as what we are about to credit (EVM-16): the
/// block's hash as a final one, and the transfer in it. A node that lies to us alone is found out by the others; a node
/// that is away is waited for, and never counted as agreeing.
/// </summary>
public sealed class Quorum(QuorumRule rule, IReadOnlyList<NodeSource> nodes)
{
    /// <summary>How soon the nodes are asked again about a transfer that they did not agree on.</summary>
    public static readonly TimeSpan AskAgain = TimeSpan.FromSeconds(15);

    /// <summary>For a network with one node: everything is credited on its word.</summary>
    public static readonly Quorum None = new(new QuorumRule(new Coverage(UInt128.MaxValue), 2), []);

    public QuorumRule Rule => rule;

    /// <summary>All nodes of the network, each to be asked alone; empty where its one node is believed.</summary>
    public IReadOnlyList<NodeSource> Nodes => nodes;

    /// <summary>Whether there are enough nodes to compare at all.</summary>
    public bool HasSeveral => nodes.Count >= 2;

    /// <summary>
    /// Whether a transfer needs it: many small payments to one session are one large one. A coin is a dollar here, as
    /// what is credited is coins.
    /// </summary>
    public bool IsNeeded(TokenAmount amount, CheckoutSession? session)
    {
        var own = Coverage.Of(amount);
        return IsNeeded(session is { } s && s.Included > own ? s.Included : own);
    }

    /// <summary>Whether a payment that comes to this much needs the quorum.</summary>
    public bool IsNeeded(Coverage amount) => nodes.Count > 0 && amount > rule.Above;

    /// <summary>What the nodes say of transfers that are in one block.</summary>
    /// <param name="ours">A filter that knows the transfers' recipients.</param>
    public async Task<IReadOnlyList<(Transfer Transfer, QuorumAnswer Answer)>> AskAsync(
        IReadOnlyList<Transfer> transfers,
        IAddressFilter ours,
        CancellationToken ct
    )
    {
        Invariant.Holds(transfers.DistinctBy(t => t.Block).Count() == 1, "a quorum is asked block by block");
        var heard = await Task.WhenAll(nodes.Select(n => HearAsync(n, transfers[0].Block, ours, ct)));
        return
        [
            .. transfers.Select(t =>
                (
                    t,
                    QuorumCount.Of(rule, $"Transfer {t.TransactionHash}", [.. heard.Select(h => (h.Node, h.VoteOn(t)))])
                )
            ),
        ];
    }

    /// <summary>
    /// How many nodes have another block than ours on the block where we part: one alone does not make us give blocks
    /// up (EVM-08).
    /// </summary>
    public async Task<int> CountOthersAsync(BlockRef fork, BlockRef ours, CancellationToken ct)
    {
        var answers = await Task.WhenAll(
            nodes.Select(async node =>
            {
                try
                {
                    var head = await node.Chain.HeadAsync(ct);
                    var next = await node.Chain.HeaderAfterAsync(fork.Height, head, ct);
                    return next is not null && next.Parent == fork && next.Ref != ours;
                }
                catch (Exception e) when (e is NodeException or WrongNetworkException)
                {
                    return false;
                }
            })
        );
        return answers.Count(a => a);
    }

    private static async Task<Heard> HearAsync(
        NodeSource node,
        BlockRef block,
        IAddressFilter ours,
        CancellationToken ct
    )
    {
        try
        {
            if (await FinalHeightAsync(node.Chain, ct) < block.Height)
                return new Heard(node.Name, Vote.Silent, []);
            if (await node.Chain.HeaderAtAsync(block.Height, ct) is not { } header)
                return new Heard(node.Name, Vote.Silent, []);
            if (header.Ref != block)
                return new Heard(node.Name, Vote.Disagrees, []);
            var found = await node.Chain.TransfersAsync(header, ours, ct);
            return new Heard(node.Name, Vote.Agrees, found.Transfers);
        }
        catch (Exception e) when (e is NodeException or WrongNetworkException)
        {
            // A node that cannot be read says nothing, neither for nor against.
            return new Heard(node.Name, Vote.Silent, []);
        }
    }

    private static async Task<long> FinalHeightAsync(IChain chain, CancellationToken ct) =>
        chain.Network.Finality switch
        {
            FinalityRule.Depth depth => await chain.HeadAsync(ct) - depth.Blocks + 1,
            FinalityRule.Tag tag => tag.FinalHeight(
                (await chain.FinalizedAsync(ct))?.Height,
                tag.NaturalDepth is null ? 0 : await chain.HeadAsync(ct)
            ) ?? -1,
            _ => throw new InvariantBrokenException("unknown finality rule"),
        };

    /// <param name="OfBlock">The vote on the block; <see cref="Vote.Agrees"/> says that the node has it as final.</param>
    private sealed record Heard(string Node, Vote OfBlock, IReadOnlyList<ObservedTransfer> Found)
    {
        public Vote VoteOn(Transfer t) =>
            OfBlock != Vote.Agrees ? OfBlock
            : Found.Contains(new ObservedTransfer(t.TransactionHash, t.Position, t.Amount, t.From, t.To)) ? Vote.Agrees
            : Vote.Denies;
    }
}
