using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Sandbox;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Core.Primitives;

namespace StablePay.Testing;

/// <summary>A movement in a scripted transaction.</summary>
public sealed record SimTransfer(Token Token, UInt128 Atoms, string To, string From = "sandbox1testwallet");

/// <summary>A transaction: what it moves, in order. A reverted one moves nothing.</summary>
public sealed record SimTransaction(string Hash, bool Reverted, IReadOnlyList<SimTransfer> Transfers);

/// <summary>A block of a simulated chain.</summary>
public sealed record SimBlock(BlockHeader Header, IReadOnlyList<SimTransaction> Transactions)
{
    /// <summary>What the reader finds malformed in it.</summary>
    public IReadOnlyList<QuarantinedTransfer> Quarantined { get; init; } = [];
}

/// <summary>What becomes of the transactions of blocks that leave the chain.</summary>
public enum SimReorg
{
    /// <summary>They are lost.</summary>
    Drop,

    /// <summary>All of them come again in the first block of the new branch.</summary>
    Move,

    /// <summary>Each comes again at its old height, in another block.</summary>
    Keep,
}

/// <summary>
/// A chain that does what a test says, with the ways in which nodes fail: branches, lag, faults, logs left out. Time is
/// the test's: a block is as old as it is told to be.
/// </summary>
public sealed class SimChain : IChain, IBalances
{
    private readonly List<SimBlock> _chain = [];
    private readonly Dictionary<string, SimBlock> _byHash = [];
    private readonly List<(long Height, TokenAt At, Int128 Made, bool? Frozen)> _issued = [];
    private readonly Queue<Exception?> _faults = [];
    private readonly HashSet<long> _silent = [];
    private readonly Lock _changing = new();
    private int _made;
    private int _lag;
    private int _otherLag;
    private bool _alternating;
    private int _asked;
    private long? _finalized;
    private Exception? _probe;

    /// <param name="genesis">The time of block 0.</param>
    public SimChain(Network network, Instant genesis)
    {
        (Network, NextTime) = (network, genesis);
        Mine();
    }

    public Network Network { get; }

    /// <summary>The time that the next block gets; grows by the network's block time with each.</summary>
    public Instant NextTime { get; set; }

    public SimBlock Tip => _chain[^1];

    /// <summary>As TRON's: balances are the head's, and the node does not tell which block they are of.</summary>
    public bool IsVague { get; set; }

    public int MostAtOnce { get; set; } = 100;

    /// <summary>Called with every question, before it is answered: lets it take time.</summary>
    public Action? Asking { get; set; }

    /// <summary>Questions answered or refused so far.</summary>
    public int Asked => _asked;

    /// <summary>A block with one transaction for each transfer.</summary>
    public SimBlock Mine(params IReadOnlyList<SimTransfer> transfers) =>
        MineTransactions([.. transfers.Select(t => Transaction(t))]);

    public SimBlock MineTransactions(params IReadOnlyList<SimTransaction> transactions)
    {
        lock (_changing)
        {
            var height = _chain.Count;
            var hash = HashOf(string.Create(CultureInfo.InvariantCulture, $"block {height}, number {++_made}"));
            var header = new BlockHeader(
                new BlockRef(height, hash),
                new BlockRef(height - 1, height == 0 ? "" : _chain[^1].Header.Ref.Hash),
                NextTime
            );
            NextTime += Network.BlockTime;
            var block = new SimBlock(header, transactions);
            _chain.Add(block);
            return _byHash[hash] = block;
        }
    }

    public void MineEmpty(int blocks)
    {
        for (var i = 0; i < blocks; i++)
            Mine();
    }

    /// <summary>A transaction to mine; its hash is new.</summary>
    public SimTransaction Transaction(params IReadOnlyList<SimTransfer> transfers) =>
        new(HashOf(string.Create(CultureInfo.InvariantCulture, $"transaction {++_made}")), false, transfers);

    /// <summary>Adds something malformed to the newest block.</summary>
    public void Quarantine(string transactionHash, int position, string reason)
    {
        lock (_changing)
        {
            var changed = Tip with { Quarantined = [.. Tip.Quarantined, new(transactionHash, position, reason)] };
            _chain[^1] = _byHash[changed.Header.Ref.Hash] = changed;
        }
    }

    /// <summary>The token's issuer burns in the newest block, and no transfer tells of it.</summary>
    public void Burn(Token token, string address, UInt128 atoms) =>
        _issued.Add((Tip.Header.Ref.Height, new TokenAt(token, address), -(Int128)atoms, null));

    /// <summary>Money comes in the newest block, and no transfer tells of it.</summary>
    public void Give(Token token, string address, UInt128 atoms) =>
        _issued.Add((Tip.Header.Ref.Height, new TokenAt(token, address), (Int128)atoms, null));

    /// <summary>The token's issuer freezes an address from the newest block on, or lets it go.</summary>
    public void Freeze(Token token, string address, bool isFrozen = true) =>
        _issued.Add((Tip.Header.Ref.Height, new TokenAt(token, address), 0, isFrozen));

    /// <summary>Replaces the newest blocks by as many others, or by more.</summary>
    public void Reorg(int depth, SimReorg how = SimReorg.Move, int longerBy = 0)
    {
        lock (_changing)
        {
            var cut = _chain[^depth..];
            _chain.RemoveRange(_chain.Count - depth, depth);
            NextTime = cut[0].Header.Time + TimeSpan.FromMilliseconds(1);
            for (var i = 0; i < depth + longerBy; i++)
            {
                IReadOnlyList<SimTransaction> again = how switch
                {
                    SimReorg.Move when i == 0 => [.. cut.SelectMany(b => b.Transactions)],
                    SimReorg.Keep when i < cut.Count => cut[i].Transactions,
                    _ => [],
                };
                MineTransactions(again);
            }
        }
    }

    /// <summary>A node that stays with the blocks so far.</summary>
    public SimChain Copy()
    {
        lock (_changing)
        {
            var copy = new SimChain(Network, NextTime) { _finalized = _finalized };
            copy._chain.Clear();
            copy._chain.AddRange(_chain);
            foreach (var block in _chain)
                copy._byHash[block.Header.Ref.Hash] = block;
            return copy;
        }
    }

    /// <summary>The node is this many blocks behind the chain.</summary>
    public void SetLag(int blocks) => (_lag, _alternating) = (blocks, false);

    /// <summary>Two nodes answer in turn; the second one is behind.</summary>
    public void Alternate(int lagOfSecond) => (_lag, _otherLag, _alternating) = (0, lagOfSecond, true);

    /// <summary>The next questions are answered with this fault.</summary>
    public void FailNext(NodeFault fault, int times = 1)
    {
        for (var i = 0; i < times; i++)
            FailNext(new NodeException(fault, $"scripted: {fault}"));
    }

    public void FailNext(Exception fault)
    {
        lock (_changing)
            _faults.Enqueue(fault);
    }

    /// <summary>So many questions are answered before the fault that is told next.</summary>
    public void PassNext(int questions)
    {
        lock (_changing)
            for (var i = 0; i < questions; i++)
                _faults.Enqueue(null);
    }

    /// <summary>A probe fails with this sentence, or passes again.</summary>
    public void SetWrongNetwork(string? sentence) =>
        _probe = sentence is null ? null : new WrongNetworkException(sentence);

    /// <summary>What the tokens' contracts say of themselves.</summary>
    public IReadOnlyList<TokenReading> Tokens { get; set; } = [];

    /// <summary>Questions to the tokens' contracts fail with this, until it is null again.</summary>
    public Exception? TokenFault { get; set; }

    /// <summary>Reads another address than stands there, as a codec with a mistake does.</summary>
    public bool Misreads { get; init; }

    /// <summary>The node says that this block has nothing for us, until it is told to speak again (EVM-07).</summary>
    public void LeaveOut(long height) => _silent.Add(height);

    public void SpeakAgain() => _silent.Clear();

    /// <summary>The finality tag stands at this block.</summary>
    public void Finalize(long height) => _finalized = height;

    public Task ProbeAsync(CancellationToken ct)
    {
        Ask();
        return _probe is null ? Task.CompletedTask : throw _probe;
    }

    public Task<IReadOnlyList<TokenReading>> ReadTokensAsync(CancellationToken ct) =>
        TokenFault is { } fault ? throw fault : Task.FromResult(Tokens);

    public Task<long> HeadAsync(CancellationToken ct) => Task.FromResult(Ask());

    public Task<BlockRef?> FinalizedAsync(CancellationToken ct)
    {
        var head = Ask();
        return Task.FromResult<BlockRef?>(
            Network.Finality is FinalityRule.Tag && _finalized is { } height
                ? _chain[(int)Math.Min(height, head)].Header.Ref
                : null
        );
    }

    public Task<BlockHeader?> HeaderAtAsync(long height, CancellationToken ct)
    {
        var head = Ask();
        lock (_changing)
            return Task.FromResult(height < 0 || height > head ? null : _chain[(int)height].Header);
    }

    public Task<BlockHeader?> HeaderAfterAsync(long height, long head, CancellationToken ct) =>
        HeaderAtAsync(height + 1, ct);

    public Task<BlockTransfers> TransfersAsync(BlockHeader block, IAddressFilter ours, CancellationToken ct)
    {
        var head = Ask();
        lock (_changing)
        {
            if (block.Ref.Height > head || !_byHash.TryGetValue(block.Ref.Hash, out var found))
                throw new NodeException(NodeFault.Lagging, $"the node does not know block {block.Ref}");
            if (_silent.Contains(block.Ref.Height))
                return Task.FromResult(BlockTransfers.None);
            var transfers = found
                .Transactions.Where(t => !t.Reverted)
                .SelectMany(t =>
                    t.Transfers.Select(
                        (m, i) => new ObservedTransfer(t.Hash, i, new TokenAmount(m.Token, m.Atoms), m.From, m.To)
                    )
                );
            return Task.FromResult(
                new BlockTransfers(
                    [
                        .. transfers.Where(t =>
                            Network.FindContract(t.Token.Contract) == t.Token
                            && TryReadAddress(t.To, out var raw)
                            && ours.MayContain(raw)
                        ),
                    ],
                    found.Quarantined
                )
            );
        }
    }

    public Task<Holdings> HoldingsAsync(IReadOnlyList<TokenAt> accounts, BlockRef final, CancellationToken ct)
    {
        var head = Ask();
        lock (_changing)
        {
            if (final.Height > head || _chain[(int)final.Height].Header.Ref != final)
                throw new NodeException(NodeFault.Lagging, $"the node does not know block {final}");
            var to = IsVague ? head : final.Height;
            return Task.FromResult(
                new Holdings(final.Height, to, accounts.ToDictionary(a => a, a => HoldingAt(a, to)))
            );
        }
    }

    private Holding HoldingAt(TokenAt at, long height)
    {
        var moved = _chain
            .Take((int)height + 1)
            .SelectMany(b => b.Transactions)
            .Where(t => !t.Reverted)
            .SelectMany(t => t.Transfers)
            .Where(t => t.Token == at.Token)
            .ToList();
        var issued = _issued.Where(i => i.At == at && i.Height <= height).ToList();
        Int128 Sum(IEnumerable<Int128> atoms) => atoms.Aggregate(Int128.Zero, (sum, a) => sum + a);
        return new Holding(
            (UInt128)(
                Sum(moved.Where(t => t.To == at.Address).Select(t => (Int128)t.Atoms))
                - Sum(moved.Where(t => t.From == at.Address).Select(t => (Int128)t.Atoms))
                + Sum(issued.Select(i => i.Made))
            ),
            issued.LastOrDefault(i => i.Frozen is not null).Frozen ?? false
        );
    }

    public bool TryReadAddress(string text, out byte[] raw)
    {
        var ok = TryRead(text, out raw);
        if (ok && Misreads)
            raw[^1] ^= 1;
        return ok;
    }

    private bool TryRead(string text, out byte[] raw)
    {
        if (Network.Family == ChainFamily.Sandbox)
            return SandboxAddress.TryRead(text, out raw);
        var ok = EvmAddress.TryParse(text, out var address) && address.ToString() == text;
        raw = ok ? address.ToArray() : [];
        return ok;
    }

    /// <summary>Counts a question, fails it if a fault is due, and says where this node's head is.</summary>
    private long Ask()
    {
        Asking?.Invoke();
        lock (_changing)
        {
            var asked = _asked++;
            if (_faults.TryDequeue(out var fault) && fault is not null)
                throw fault;
            return _chain.Count - 1 - (_alternating && asked % 2 == 1 ? _otherLag : _lag);
        }
    }

    private static string HashOf(string name) =>
        "0x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
