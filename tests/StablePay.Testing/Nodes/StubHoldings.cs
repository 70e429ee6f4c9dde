using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using StablePay.Chains.Evm;

namespace StablePay.Testing.Nodes;

/// <summary>What a transaction gives a holder of a token, or takes from it if it is below zero.</summary>
/// <param name="Contract">In lower case, as logs have it; on Solana the mint.</param>
/// <param name="Holder">An address as topics of logs have it; on Solana a token account.</param>
/// <param name="Owner">Whose the token account is, on Solana.</param>
public sealed record StubChange(string Contract, string Holder, BigInteger Atoms, string? Owner = null)
{
    private static readonly string Topic = Hex.ToData(Abi.TransferTopic);

    /// <summary>What a log of a transfer tells; any other, or one that makes no sense, moves nothing.</summary>
    public static IEnumerable<StubChange> Of(StubLog log)
    {
        if (log.Topics.Count != 3 || log.Topics[0] != Topic || log.Data.Length != 66)
            yield break;
        var contract = log.Contract.ToLowerInvariant();
        var atoms = BigInteger.Parse("0" + log.Data[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        yield return new StubChange(contract, log.Topics[1], -atoms);
        yield return new StubChange(contract, log.Topics[2], atoms);
    }
}

/// <summary>All that came to a holder of a token, and all that went.</summary>
public readonly record struct StubFlows(BigInteger Came, BigInteger Went)
{
    /// <summary>Who sent more than came had it from before the chain, and holds nothing.</summary>
    public BigInteger Held => BigInteger.Max(Came - Went, 0);

    public StubFlows With(StubChange change, int times = 1) =>
        change.Atoms > 0
            ? this with
            {
                Came = Came + (times * change.Atoms),
            }
            : this with
            {
                Went = Went - (times * change.Atoms),
            };
}

/// <summary>
/// What holders have after each block of a chain, replaced blocks too. It is kept as a sum for each block, which shares
/// with the one of the block before whatever did not change: a question costs a look, however long the chain is.
/// </summary>
internal sealed class StubHoldings
{
    private readonly ConcurrentDictionary<string, ImmutableDictionary<(string, string), StubFlows>> _after = [];
    private readonly ConcurrentDictionary<string, StubChange> _accounts = [];

    public void Add(StubBlock block)
    {
        var moved = _after.GetValueOrDefault(block.ParentHash) ?? Nothing;
        foreach (var change in block.Transactions.SelectMany(t => t.Changes))
        {
            var key = (change.Contract, change.Holder);
            moved = moved.SetItem(key, moved.GetValueOrDefault(key).With(change));
            if (change.Owner is not null)
                _accounts[change.Holder] = change;
        }
        _after[block.Hash] = moved;
    }

    public StubFlows After(string blockHash, string contract, string holder) =>
        (_after.GetValueOrDefault(blockHash) ?? Nothing).GetValueOrDefault((contract, holder));

    /// <summary>A change of a token account: whose it is, and of which mint.</summary>
    public StubChange? Account(string account) => _accounts.GetValueOrDefault(account);

    private static ImmutableDictionary<(string, string), StubFlows> Nothing =>
        ImmutableDictionary<(string, string), StubFlows>.Empty;
}
