using System.Numerics;
using System.Text.Json.Nodes;
using StablePay.Chains;
using StablePay.Engine.Quorums;
using StablePay.Testing.Nodes;

namespace StablePay.Simulation.World;

/// <summary>A movement of a token as the chain has it, with the name that the family gives it.</summary>
internal sealed record TrueMovement(string Hash, long Position, string Contract, string From, string To, UInt128 Atoms);

/// <summary>A transaction and what it moves. A reverted one moves nothing.</summary>
internal sealed record SimTransaction(StubTransaction Told, bool Succeeds, IReadOnlyList<TrueMovement> Movements)
{
    /// <summary>
    /// Whether it fails where its sender does not have so much. Others have all the coins that they ever spend; ours
    /// have what came.
    /// </summary>
    public bool MustHold { get; init; }
}

/// <summary>
/// A network as it truly is: one chain that grows by itself and now and then replaces its newest blocks, and several
/// nodes that tell of it, each in its own way.
/// </summary>
internal sealed class SimNetwork
{
    public const int NodeCount = 3;

    private readonly Agenda _agenda;
    private readonly Chance _chance;
    private readonly NetworkConfig _config;
    private readonly List<SimTransaction> _waiting = [];
    private readonly Dictionary<string, StubBlock> _everMade = [];
    private readonly Dictionary<string, SimTransaction> _made = [];
    private readonly Dictionary<string, HashSet<string>> _byRecipient = [];
    private readonly Dictionary<string, HashSet<string>> _bySender = [];
    private bool _mines;

    /// <param name="trust">Coins up to which one node is enough, so that stores may accept early.</param>
    public SimNetwork(NetworkConfig config, int finalDistance, int trust, Agenda agenda, Chance chance)
    {
        var mistakes = new List<string>();
        Network = config.ToNetwork(mistakes) ?? throw new InvalidOperationException(string.Join(' ', mistakes));
        (_config, FinalDistance, _agenda, _chance) = (config, finalDistance, agenda, chance);
        Truth = new StubChain();
        _everMade[SimFamilies.HashOf(this, Truth.Blocks[0])] = Truth.Blocks[0];
        for (var i = 0; i < finalDistance + 3; i++)
            Mine(0);
        Nodes = [.. Enumerable.Range(1, NodeCount).Select(n => new SimNode(this, n, chance))];
        foreach (var node in Nodes)
            node.Speak(SimFamilies.Stub(this, node.View));
        Heal();
        _config = config with
        {
            Nodes = [.. Nodes.Select(n => n.Url)],
            GenesisHash = SimFamilies.GenesisOf(this),
            QuorumAbove = trust,
            QuorumNodes = 2,
        };
    }

    public Network Network { get; }

    public StubChain Truth { get; }

    public IReadOnlyList<SimNode> Nodes { get; }

    /// <summary>Whether one node is believed when it tells of so much; then nobody can forge it, for it would count.</summary>
    public bool IsTrustedWith(TokenAmount amount) => Coverage.Of(amount) <= _config.Quorum!.Above;

    /// <summary>How many blocks the final one is behind the head; no reorganisation is deeper.</summary>
    public int FinalDistance { get; }

    public long FinalHeight => Math.Max(0, Truth.Tip.Height - FinalDistance);

    /// <summary>What has been final for half a minute, or longer: whoever follows the chain knows it by now.</summary>
    public long SettledHeight
    {
        get
        {
            var height = FinalHeight;
            while (height > 0 && Truth.At(height)!.Time > _agenda.Time.ToUnixTimeSeconds() - 30)
                height--;
            // A block becomes final when those above it are made, which takes as long as they do.
            return Math.Max(0, height - FinalDistance);
        }
    }

    /// <summary>The highest block that was ever final.</summary>
    public long HighestFinal { get; private set; }

    /// <summary>How many blocks have been replaced.</summary>
    public int Replaced { get; private set; }

    /// <summary>A reader as production makes it.</summary>
    public IChain ReaderFor(HttpClient http) => ChainFamilies.Live(Network, _config, http);

    /// <summary>As production makes it: each node asked alone.</summary>
    public Quorum QuorumFor(HttpClient http) =>
        new(
            _config.Quorum!,
            [
                .. Nodes.Select(n => new NodeSource(
                    n.Name,
                    ChainFamilies.Live(Network, _config with { Nodes = [n.Url] }, http)
                )),
            ]
        );

    public (TimeSpan Wait, Told Told) Ask(SimNode node, string path, JsonNode question)
    {
        var told = node.Answer(path, question);
        // A silent node costs the engine its whole limit.
        return (told.IsSilent ? TimeSpan.FromSeconds(10) : _chance.Milliseconds(5, 120), told);
    }

    /// <summary>Begins to make blocks.</summary>
    public void Begin()
    {
        _mines = true;
        MineNext();
    }

    /// <summary>Blocks come no more, or again.</summary>
    public void Stall(bool stalls) => _mines = !stalls;

    /// <summary>A transaction that waits to be put into a block.</summary>
    public void Send(SimTransaction transaction)
    {
        _made[transaction.Told.Hash] = transaction;
        _waiting.Add(transaction);
        foreach (var movement in transaction.Movements)
        {
            Remember(_byRecipient, movement.To, transaction.Told.Hash);
            Remember(_bySender, movement.From, transaction.Told.Hash);
        }
    }

    /// <summary>What has come to an address, in final blocks.</summary>
    public IEnumerable<(StubBlock Block, TrueMovement Movement)> MovementsTo(string address) =>
        Movements(_byRecipient, address, m => m.To == address).Where(m => m.Block.Height <= FinalHeight);

    /// <summary>What has left an address, in final blocks.</summary>
    public IEnumerable<(StubBlock Block, TrueMovement Movement)> MovementsFrom(string address) =>
        Movements(_bySender, address, m => m.From == address).Where(m => m.Block.Height <= FinalHeight);

    /// <summary>
    /// What an address holds of a token in the newest block, by what truly moved. Nodes have sums of their own.
    /// </summary>
    public BigInteger Held(string address, string contract) =>
        Sum(Movements(_byRecipient, address, m => m.To == address && m.Contract == contract))
        - Sum(Movements(_bySender, address, m => m.From == address && m.Contract == contract));

    /// <summary>What a block of the chain moves.</summary>
    public IEnumerable<TrueMovement> MovementsOf(StubBlock block) =>
        block.Transactions.Where(t => t.Succeeded).SelectMany(t => _made[t.Hash].Movements);

    /// <summary>
    /// The newest blocks are replaced by as many others, or more. Their transactions come again at other places, later,
    /// or never: their senders may have spent the money otherwise.
    /// </summary>
    public void Reorganise(int depth, int longerBy)
    {
        depth = Math.Min(depth, FinalDistance);
        var cut = Truth.Cut(depth);
        Replaced += cut.Count;
        foreach (var transaction in cut.SelectMany(b => b.Transactions))
            if (_chance.Percent(75))
                _waiting.Add(_made[transaction.Hash]);
        for (var i = 0; i < depth + longerBy; i++)
            Mine(_chance.Next(_waiting.Count + 1));
        Spread();
    }

    /// <summary>A node tells of something in one of its newest blocks that is not there.</summary>
    public void Forge(SimNode node, SimTransaction transaction)
    {
        node.Hear();
        node.IsLying = true;
        var block = node.View.At(node.View.Tip.Height - _chance.Next(FinalDistance))!;
        _made[transaction.Told.Hash] = transaction with { Movements = [] };
        node.View.Replace(
            new StubBlock(
                block.Height,
                block.Hash,
                block.ParentHash,
                block.Time,
                [.. block.Transactions, transaction.Told]
            )
        );
    }

    /// <summary>A block that was ever on the chain, by the hash that the family gives it.</summary>
    public StubBlock? EverMade(string hash) => _everMade.GetValueOrDefault(hash);

    /// <summary>Every node is well, tells the truth and has everything.</summary>
    public void Heal()
    {
        foreach (var node in Nodes)
            Heal(node);
    }

    public void Heal(SimNode node)
    {
        node.Trouble = NodeTrouble.None;
        node.Lies(BalanceLie.None);
        node.FinalDistance = FinalDistance;
        node.View.ForgetReplaced();
        node.View.Follow();
    }

    private void MineNext()
    {
        var wait = Network.BlockTime * (0.7 + (_chance.Next(60) / 100.0));
        _agenda.After(
            wait,
            () =>
            {
                if (_mines)
                {
                    Mine(_chance.Percent(20) ? 0 : _waiting.Count);
                    Spread();
                }
                MineNext();
            }
        );
    }

    private void Mine(int transactions)
    {
        var taken = _waiting.Take(transactions).ToList();
        _waiting.RemoveRange(0, taken.Count);
        // Block times are whole seconds and may be equal; they never go back.
        var time = Math.Max(_agenda.Time.ToUnixTimeSeconds(), Truth.Tip.Time);
        var block = Truth.Mine(time, [.. taken.Any(t => t.MustHold) ? Execute(taken) : taken.Select(t => t.Told)]);
        _everMade[SimFamilies.HashOf(this, block)] = block;
        HighestFinal = Math.Max(HighestFinal, FinalHeight);
    }

    /// <summary>Who spends what it does not have, at its turn in this block, moves nothing.</summary>
    private IEnumerable<StubTransaction> Execute(List<SimTransaction> taken)
    {
        var moved = new Dictionary<(string Address, string Contract), BigInteger>();
        foreach (var transaction in taken)
        {
            var spends = transaction.Movements.GroupBy(m => (m.From, m.Contract), m => (BigInteger)m.Atoms);
            var fails =
                transaction.MustHold
                && spends.Any(s =>
                    Held(s.Key.From, s.Key.Contract) + moved.GetValueOrDefault(s.Key)
                    < s.Aggregate(BigInteger.Zero, (sum, atoms) => sum + atoms)
                );
            yield return fails ? transaction.Told with { Succeeded = false, Logs = [] } : transaction.Told;
            foreach (var (_, _, contract, from, to, atoms) in fails ? [] : transaction.Movements)
            {
                moved[(from, contract)] = moved.GetValueOrDefault((from, contract)) - atoms;
                moved[(to, contract)] = moved.GetValueOrDefault((to, contract)) + atoms;
            }
        }
    }

    private IEnumerable<(StubBlock Block, TrueMovement Movement)> Movements(
        Dictionary<string, HashSet<string>> index,
        string address,
        Func<TrueMovement, bool> isMeant
    )
    {
        foreach (var hash in index.GetValueOrDefault(address) ?? [])
            if (Truth.Holding(hash) is { } block && block.Transactions.First(t => t.Hash == hash).Succeeded)
                foreach (var movement in _made[hash].Movements.Where(isMeant))
                    yield return (block, movement);
    }

    private static BigInteger Sum(IEnumerable<(StubBlock Block, TrueMovement Movement)> movements) =>
        movements.Aggregate(BigInteger.Zero, (sum, m) => sum + m.Movement.Atoms);

    private static void Remember(Dictionary<string, HashSet<string>> index, string address, string hash) =>
        (index.TryGetValue(address, out var known) ? known : index[address] = []).Add(hash);

    private void Spread()
    {
        foreach (var node in Nodes)
            _agenda.After(_chance.Milliseconds(10, 900), node.Hear);
    }
}
