using StablePay.Chains;
using StablePay.Engine.Quorums;

namespace StablePay.Engine.Reconciling;

/// <summary>What one node says that addresses hold.</summary>
internal sealed record Heard(string Node, Holdings Told);

/// <summary>
/// Who is asked for balances. With one node, or none that must agree, its word is all there is. With several, each is
/// asked alone: as many as must agree go through the addresses, other ones in each cycle, so that one that lies can
/// neither make a difference nor hide it, and all of them are asked about what one of them found.
/// </summary>
internal sealed class Voices
{
    private readonly IReadOnlyList<(string Node, IBalances Balances)> _nodes;

    public Voices(IBalances pool, Quorum quorum)
    {
        var alone = quorum.Nodes.Where(n => n.Chain is IBalances).Select(n => (n.Name, (IBalances)n.Chain)).ToList();
        (_nodes, Enough) = quorum.HasSeveral ? (alone, quorum.Rule.Nodes) : ([("the node", pool)], 1);
    }

    /// <summary>How many must say the same before an item is opened or closed.</summary>
    public int Enough { get; }

    /// <summary>Asks as many nodes as must agree, one after the other until so many have answered.</summary>
    /// <exception cref="NodeException">None of them answers.</exception>
    public async Task<IReadOnlyList<Heard>> AskEnoughAsync(
        IReadOnlyList<TokenAt> accounts,
        BlockRef final,
        long cycle,
        CancellationToken ct
    )
    {
        var heard = new List<Heard>(Enough);
        Exception? fault = null;
        for (var i = 0; i < _nodes.Count && heard.Count < Enough; i++)
        {
            var (node, balances) = _nodes[(int)((cycle + i) % _nodes.Count)];
            try
            {
                heard.Add(new Heard(node, await balances.HoldingsAsync(accounts, final, ct)));
            }
            catch (Exception e) when (e is NodeException or WrongNetworkException)
            {
                fault = e;
            }
        }
        return heard.Count > 0 ? heard : throw Unanswered(fault);
    }

    /// <summary>Asks every node; those that do not answer are left out.</summary>
    /// <exception cref="NodeException">None of them answers.</exception>
    public async Task<IReadOnlyList<Heard>> AskAllAsync(
        IReadOnlyList<TokenAt> accounts,
        BlockRef final,
        CancellationToken ct
    )
    {
        Exception? fault = null;
        var answers = await Task.WhenAll(
            _nodes.Select(async node =>
            {
                try
                {
                    return new Heard(node.Node, await node.Balances.HoldingsAsync(accounts, final, ct));
                }
                catch (Exception e) when (e is NodeException or WrongNetworkException)
                {
                    fault = e;
                    return null;
                }
            })
        );
        IReadOnlyList<Heard> heard = [.. answers.OfType<Heard>()];
        return heard.Count > 0 ? heard : throw Unanswered(fault);
    }

    private static NodeException Unanswered(Exception? fault) =>
        fault as NodeException
        ?? new NodeException(NodeFault.Unavailable, fault?.Message ?? "no node can be asked for balances");
}
