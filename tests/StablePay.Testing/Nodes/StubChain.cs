using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using StablePay.Chains.Evm;

namespace StablePay.Testing.Nodes;

/// <summary>A log as a test scripts it. Nothing checks that it makes sense.</summary>
public sealed record StubLog(string Contract, IReadOnlyList<string> Topics, string Data)
{
    public static StubLog Transfer(string contract, string from, string to, UInt256 value)
    {
        var word = new byte[32];
        value.WriteBigEndian(word);
        return new StubLog(contract, [Hex.ToData(Abi.TransferTopic), TopicOf(from), TopicOf(to)], Hex.ToData(word));
    }

    public static string TopicOf(string address) => "0x" + address[2..].ToLowerInvariant().PadLeft(64, '0');
}

public sealed record StubTransaction(string Hash, bool Succeeded, IReadOnlyList<StubLog> Logs)
{
    /// <summary>What a family without logs tells of it beside its hash and outcome.</summary>
    public JsonObject? Told { get; init; }

    /// <summary>What it moves in a family without logs.</summary>
    public IReadOnlyList<StubChange> Moves { get; init; } = [];

    /// <summary>What it gives and takes; a transaction that failed nothing.</summary>
    public IEnumerable<StubChange> Changes => Succeeded ? Moves.Concat(Logs.SelectMany(StubChange.Of)) : [];

    /// <summary>A successful transaction with a hash made from a name.</summary>
    public static StubTransaction Of(string name, params StubLog[] logs) => new(HashOf(name), true, logs);

    public static string HashOf(string name) => Hex.ToData(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}

/// <summary>A block with its bloom; the bloom may be set otherwise to make a node that lies.</summary>
public sealed record StubBlock(
    long Height,
    string Hash,
    string ParentHash,
    long Time,
    IReadOnlyList<StubTransaction> Transactions
)
{
    public byte[] Bloom { get; init; } = BloomOf(Transactions);

    public JsonObject ToHeader() =>
        new()
        {
            ["number"] = Quantity(Height),
            ["hash"] = Hash,
            ["parentHash"] = ParentHash,
            ["timestamp"] = Quantity(Time),
            ["logsBloom"] = Hex.ToData(Bloom),
            ["gasUsed"] = "0x5208",
            ["transactions"] = new JsonArray([.. Transactions.Select(t => JsonValue.Create(t.Hash))]),
        };

    public IEnumerable<JsonObject> ToLogs() =>
        ToReceipts().SelectMany(r => r["logs"]!.AsArray()).Select(l => l!.DeepClone().AsObject());

    public IEnumerable<JsonObject> ToReceipts()
    {
        var index = 0;
        for (var i = 0; i < Transactions.Count; i++)
        {
            var transaction = Transactions[i];
            var logs = new JsonArray();
            foreach (var log in transaction.Logs)
                logs.Add(ToJson(log, transaction.Hash, i, index++));
            yield return new JsonObject
            {
                ["transactionHash"] = transaction.Hash,
                ["transactionIndex"] = Quantity(i),
                ["blockHash"] = Hash,
                ["blockNumber"] = Quantity(Height),
                ["status"] = transaction.Succeeded ? "0x1" : "0x0",
                ["logs"] = logs,
            };
        }
    }

    public static string Quantity(long value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private JsonObject ToJson(StubLog log, string transaction, int transactionIndex, int index) =>
        new()
        {
            ["address"] = log.Contract.ToLowerInvariant(),
            ["topics"] = new JsonArray([.. log.Topics.Select(t => JsonValue.Create(t))]),
            ["data"] = log.Data,
            ["blockNumber"] = Quantity(Height),
            ["transactionHash"] = transaction,
            ["transactionIndex"] = Quantity(transactionIndex),
            ["blockHash"] = Hash,
            ["logIndex"] = Quantity(index),
            ["removed"] = false,
        };

    private static byte[] BloomOf(IReadOnlyList<StubTransaction> transactions)
    {
        var bloom = new byte[StablePay.Chains.Evm.Bloom.Length];
        foreach (var log in transactions.Where(t => t.Succeeded).SelectMany(t => t.Logs))
        {
            StablePay.Chains.Evm.Bloom.Add(bloom, BloomKey.OfContract(EvmAddress.Parse(log.Contract)));
            foreach (var topic in log.Topics)
                StablePay.Chains.Evm.Bloom.Add(bloom, BloomKey.Of(Hex.Parse(topic)));
        }
        return bloom;
    }
}

/// <summary>The blocks that a stub node tells of: one chain, and what it replaced.</summary>
public sealed class StubChain
{
    // Nodes answer while blocks are mined: what they read is never changed, only replaced.
    private readonly ConcurrentDictionary<string, StubBlock> _byHash = [];
    private readonly ConcurrentDictionary<string, ImmutableList<string>> _holding = [];
    private readonly StubHoldings _holdings = new();
    private readonly StubChain? _truth;
    private ImmutableList<StubBlock> _chain = [];
    private int _made;

    public StubChain() => Mine();

    /// <summary>A chain as a node sees that follows another: as it was when <see cref="Follow"/> was called last.</summary>
    public StubChain(StubChain truth)
    {
        _truth = truth;
        Follow();
    }

    public IReadOnlyList<StubBlock> Blocks => _chain;

    public StubBlock Tip => At(_chain.Count - 1)!;

    /// <summary>Sees the followed chain as it is now. Blocks that were replaced here stay so.</summary>
    public void Follow() => _chain = _truth!._chain;

    public StubBlock Mine(params IReadOnlyList<StubTransaction> transactions) =>
        Mine(1_800_000_000 + (12 * _chain.Count), transactions);

    /// <param name="time">In seconds since 1970.</param>
    public StubBlock Mine(long time, IReadOnlyList<StubTransaction> transactions)
    {
        var height = _chain.Count;
        var hash = StubTransaction.HashOf(
            string.Create(CultureInfo.InvariantCulture, $"block {height}, made as number {++_made}")
        );
        return Add(
            new StubBlock(height, hash, height == 0 ? "0x" + new string('0', 64) : Tip.Hash, time, transactions)
        );
    }

    /// <summary>Puts another version of a block that stands at its place, to lie about it.</summary>
    public StubBlock Replace(StubBlock block)
    {
        if (_truth is null)
            _chain = _chain.SetItem((int)block.Height, block);
        return Know(block);
    }

    /// <summary>Takes the newest blocks away. They are still known by hash, as real nodes know them.</summary>
    public IReadOnlyList<StubBlock> Cut(int depth)
    {
        var (kept, cut) = (_chain.RemoveRange(_chain.Count - depth, depth), _chain.TakeLast(depth).ToList());
        _chain = kept;
        return cut;
    }

    /// <summary>The followed chain's own versions again.</summary>
    public void ForgetReplaced()
    {
        _byHash.Clear();
        _holding.Clear();
    }

    /// <summary>The block of the chain that holds a transaction, the oldest if several do.</summary>
    public StubBlock? Holding(string transaction) =>
        HashesHolding(transaction).Select(ByHash).Where(b => At(b!.Height)?.Hash == b.Hash).MinBy(b => b!.Height);

    public StubBlock? ByHash(string hash) => _byHash.GetValueOrDefault(hash) ?? _truth?.ByHash(hash);

    public StubBlock? At(long height)
    {
        var now = _chain;
        if (height < 0 || height >= now.Count)
            return null;
        var block = now[(int)height];
        return _truth is null ? block : ByHash(block.Hash);
    }

    /// <summary>What came to somebody, and what went, up to a block and with it.</summary>
    public StubFlows Flows(StubBlock after, string contract, string holder)
    {
        var flows = (_truth ?? this)._holdings.After(after.Hash, contract, holder);
        if (_truth is null)
            return flows;
        // A node that tells of payments which are not in its blocks tells of the coins as well.
        foreach (var told in _byHash.Values.Where(b => b.Height <= after.Height && ReferenceEquals(At(b.Height), b)))
            flows = Add(told, 1, Add(_truth.ByHash(told.Hash), -1, flows));
        return flows;

        StubFlows Add(StubBlock? block, int times, StubFlows to) =>
            (block?.Transactions ?? [])
                .SelectMany(t => t.Changes)
                .Where(c => c.Contract == contract && c.Holder == holder)
                .Aggregate(to, (sum, change) => sum.With(change, times));
    }

    /// <summary>A change of a token account, which says whose it is; null for one that nobody was paid to.</summary>
    public StubChange? Account(string account) => _holdings.Account(account) ?? _truth?.Account(account);

    private IEnumerable<string> HashesHolding(string transaction) =>
        (_holding.GetValueOrDefault(transaction) ?? []).Concat(_truth?.HashesHolding(transaction) ?? []);

    private StubBlock Add(StubBlock block)
    {
        // Known by its hash before it stands in the chain.
        Know(block);
        _chain = _chain.Add(block);
        return block;
    }

    private StubBlock Know(StubBlock block)
    {
        foreach (var transaction in block.Transactions)
            _holding.AddOrUpdate(
                transaction.Hash,
                _ => [block.Hash],
                (_, hashes) => hashes.Contains(block.Hash) ? hashes : hashes.Add(block.Hash)
            );
        _holdings.Add(block);
        return _byHash[block.Hash] = block;
    }
}
