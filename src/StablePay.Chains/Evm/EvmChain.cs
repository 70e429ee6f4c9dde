using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Evm;

/// <summary>
/// An EVM network over JSON-RPC. Blocks are read by number and connected by parent hash, logs by block hash, so that an
/// answer is tied to one branch. A header whose bloom filter excludes our tokens is not asked for logs.
/// </summary>
public sealed class EvmChain : IChain
{
    /// <summary>Caps that nodes cut log lists at; a list of exactly such a length may be cut off (EVM-13).</summary>
    private static readonly int[] Caps = [10_000, 20_000, 50_000];

    /// <summary>Blooms of headers just read, for the question about their logs that follows.</summary>
    private const int RememberedBlooms = 128;

    private readonly JsonRpc _rpc;
    private readonly string? _genesis;
    private readonly string _logFilter;
    private readonly (BloomKey Contract, Token Token)[] _tokens;
    private readonly BloomKey _transfer = BloomKey.Of(Abi.TransferTopic);
    private readonly Lock _remembering = new();
    private readonly Queue<string> _order = [];
    private readonly Dictionary<string, byte[]> _blooms = [];

    /// <param name="genesisHash">The hash of block 0 to insist on, or null.</param>
    public EvmChain(Network network, JsonRpc rpc, string? genesisHash)
    {
        (Network, _rpc, _genesis) = (network, rpc, genesisHash);
        _tokens = [.. network.Tokens.Select(t => (BloomKey.OfContract(EvmAddress.Parse(t.Contract)), t))];
        var contracts = string.Join(',', network.Tokens.Select(t => $"\"{t.Contract}\""));
        _logFilter = $"""
            "address":[{contracts}],"topics":["{Hex.ToData(Abi.TransferTopic)}"]
            """;
    }

    public Network Network { get; }

    public Task<long> HeadAsync(CancellationToken ct) =>
        _rpc.CallAsync("eth_blockNumber", "[]", (ref Utf8JsonReader json) =>
            Hex.TryParseQuantity(json.ValueSpan, out ulong height) ? checked((long)height) : throw new JsonException("a height"), ct);

    public async Task<BlockRef?> FinalizedAsync(CancellationToken ct) =>
        Network.Finality is FinalityRule.Tag tag ? (await BlockAsync($"\"{tag.Name}\"", ct))?.Header.Ref : null;

    public async Task<BlockHeader?> HeaderAtAsync(long height, CancellationToken ct)
    {
        var found = await BlockAsync($"\"{Hex.ToQuantity((ulong)height)}\"", ct);
        if (found is not null && found.Header.Ref.Height != height)
            throw new NodeException(NodeFault.Malformed, $"asked for block {height}, got {found.Header.Ref}");
        return found?.Header;
    }

    public async Task<BlockTransfers> TransfersAsync(BlockHeader block, IAddressFilter ours, CancellationToken ct)
    {
        if (!BloomAllows(await BloomOfAsync(block, ct)))
            return BlockTransfers.None;
        var hash = block.Ref.Hash;
        var logs = await LogsAsync(hash, ours, ct);
        if (logs.Count == 0)
            await ProveEmptyAsync(hash, ct);
        if (logs.Ours.Count == 0)
            return BlockTransfers.None;
        return await JudgeAsync(logs.Ours, block.Ref, ct);
    }

    public bool TryReadAddress(string text, out byte[] raw)
    {
        // One display form: a second spelling of an address would be a second row.
        var ok = EvmAddress.TryParse(text, out var address) && address.ToString() == text;
        raw = ok ? address.ToArray() : [];
        return ok;
    }

    public async Task ProbeAsync(CancellationToken ct)
    {
        var id = await _rpc.CallAsync("eth_chainId", "[]", (ref Utf8JsonReader json) =>
            Hex.TryParseQuantity(json.ValueSpan, out ulong value) ? value : throw new JsonException("a chain id"), ct);
        var answered = string.Create(CultureInfo.InvariantCulture, $"eip155:{id}");
        if (answered != Network.Id.Value)
            throw new WrongNetworkException(
                $"{Network.Name}: the node answers for {answered}, but {Network.Id} is configured. Nothing is read from it.");
        if (_genesis is not null && (await BlockAsync("\"0x0\"", ct))?.Header.Ref.Hash is { } genesis && genesis != _genesis)
            throw new WrongNetworkException(
                $"{Network.Name}: the node's first block is {genesis}, not {_genesis}: it follows another chain of this id.");
        foreach (var (_, token) in _tokens)
            await ProbeAsync(token, ct);
    }

    private async Task ProbeAsync(Token token, CancellationToken ct)
    {
        var code = await _rpc.CallAsync(
            "eth_getCode", $"[\"{token.Contract}\",\"latest\"]", (ref Utf8JsonReader json) => json.GetString(), ct);
        if (code is null or "0x" or "")
            throw new WrongNetworkException($"{Network.Name}: there is no contract at {token.Contract} ({token.Asset}).");
        var data = Hex.ToData(Abi.Decimals());
        var answer = await _rpc.CallAsync(
            "eth_call", $$"""[{"to":"{{token.Contract}}","data":"{{data}}"},"latest"]""",
            (ref Utf8JsonReader json) => json.GetString() ?? "", ct);
        if (!Abi.TryReadUInt8(Hex.Parse(answer), out var decimals) || decimals != token.Decimals)
            throw new WrongNetworkException(
                $"{Network.Name}: {token.Asset} at {token.Contract} reports {answer} decimals, pinned are {token.Decimals}.");
    }

    private async Task<EvmHeader?> BlockAsync(string which, CancellationToken ct)
    {
        var found = await _rpc.CallAsync("eth_getBlockByNumber", $"[{which},false]", EvmBlocks.Read, ct);
        if (found is not null)
            Remember(found);
        return found;
    }

    private async Task<byte[]> BloomOfAsync(BlockHeader block, CancellationToken ct)
    {
        lock (_remembering)
            if (_blooms.TryGetValue(block.Ref.Hash, out var bloom))
                return bloom;
        var found = await _rpc.CallAsync("eth_getBlockByHash", $"[\"{block.Ref.Hash}\",false]", EvmBlocks.Read, ct)
            ?? throw new NodeException(NodeFault.Lagging, $"the node does not know block {block.Ref}");
        if (found.Header.Ref != block.Ref)
            throw new NodeException(NodeFault.Malformed, $"asked for block {block.Ref}, got {found.Header.Ref}");
        return found.Bloom;
    }

    private void Remember(EvmHeader header)
    {
        lock (_remembering)
        {
            if (!_blooms.TryAdd(header.Header.Ref.Hash, header.Bloom))
                return;
            _order.Enqueue(header.Header.Ref.Hash);
            if (_order.Count > RememberedBlooms)
                _blooms.Remove(_order.Dequeue());
        }
    }

    private bool BloomAllows(byte[] bloom) =>
        _tokens.Any(t => Bloom.MayContain(bloom, t.Contract, _transfer));

    private async Task<EvmLogList> LogsAsync(string blockHash, IAddressFilter ours, CancellationToken ct)
    {
        var logs = await _rpc.CallAsync(
            "eth_getLogs", $$"""[{"blockHash":"{{blockHash}}",{{_logFilter}}}]""", new EvmLogReader(ours, blockHash).Read, ct)
            ?? throw new NodeException(NodeFault.Lagging, $"the node has no logs of block {blockHash}");
        return Caps.Contains(logs.Count)
            ? throw new NodeException(NodeFault.Truncated, $"exactly {logs.Count} logs: the list may be cut off")
            : logs;
    }

    /// <summary>
    /// The bloom says perhaps, the node says nothing (EVM-07). The block's receipts decide: a filter may err, a node that
    /// leaves logs out may not.
    /// </summary>
    private async Task ProveEmptyAsync(string blockHash, CancellationToken ct)
    {
        var receipts = await _rpc.CallAsync("eth_getBlockReceipts", $"[\"{blockHash}\"]", EvmReceipts.ReadAll, ct)
            ?? throw new NodeException(NodeFault.Lagging, $"the node has no receipts of block {blockHash}");
        var topic = Hex.ToData(Abi.TransferTopic);
        foreach (var log in receipts.SelectMany(r => r.Logs))
            if (Network.FindContract(log.Contract.ToString()) is not null && log.Topics.StartsWith(topic, StringComparison.Ordinal))
                throw new NodeException(NodeFault.Lagging, $"the node left out the logs of block {blockHash}");
    }

    private async Task<BlockTransfers> JudgeAsync(IReadOnlyList<EvmLog> logs, BlockRef block, CancellationToken ct)
    {
        var transfers = new List<ObservedTransfer>();
        var quarantined = new List<QuarantinedTransfer>();
        foreach (var transaction in logs.GroupBy(l => l.TransactionHash))
        {
            var receipt = await _rpc.CallAsync("eth_getTransactionReceipt", $"[\"{transaction.Key}\"]", EvmReceipts.Read, ct)
                ?? throw new NodeException(NodeFault.Lagging, $"the node has no receipt of {transaction.Key}");
            foreach (var log in transaction)
            {
                var (transfer, bad) = EvmTransfers.Judge(log, receipt, block, Network);
                if (transfer is not null)
                    transfers.Add(transfer);
                if (bad is not null)
                    quarantined.Add(bad);
            }
        }
        return new BlockTransfers(transfers, quarantined);
    }
}
