using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Evm;

/// <summary>
/// An EVM network over JSON-RPC. Blocks are read by number and connected by parent hash, logs by block hash, so that an
/// answer is tied to one branch. A header whose bloom filter excludes our tokens is not asked for logs.
/// </summary>
public sealed class EvmChain : IChain, IBalances
{
    /// <summary>Caps that nodes cut log lists at; a list of exactly such a length may be cut off (EVM-13).</summary>
    private static readonly int[] Caps = [10_000, 20_000, 50_000];

    /// <summary>Headers just read, for the question about their logs that follows.</summary>
    private const int RememberedHeaders = 128;

    private readonly JsonRpc _rpc;
    private readonly string _logFilter;
    private readonly (BloomKey Contract, Token Token)[] _tokens;
    private readonly BloomKey _transfer = BloomKey.Of(Abi.TransferTopic);
    private readonly RecentBlocks<EvmHeader> _headers = new(RememberedHeaders);
    private readonly bool _bloomExcludes;
    private readonly ResultReader<EvmHeader?> _readBlock;
    private readonly bool _verified;
    private readonly EvmHoldings _holdings;

    /// <param name="genesisHash">The hash of block 0 to insist on, or null.</param>
    /// <param name="bloomExcludes">
    /// Whether a header's bloom may save the question for logs. Only where every log is known to be in it: some
    /// networks have logs of the system that are not.
    /// </param>
    /// <param name="verified">
    /// Whether a block's hash is computed from its header, and receipts must have the root that the header holds.
    /// </param>
    public EvmChain(
        Network network,
        JsonRpc rpc,
        string? genesisHash,
        bool bloomExcludes = false,
        bool verified = false
    )
    {
        (Network, _rpc, _bloomExcludes, _verified) = (network, rpc, bloomExcludes, verified);
        _readBlock = verified ? EvmProof.ReadBlock : EvmBlocks.Read;
        _holdings = new EvmHoldings(rpc);
        rpc.Admission = new EvmProbe(network, genesisHash).RunAsync;
        _tokens = [.. network.Tokens.Select(t => (BloomKey.OfContract(EvmAddress.Parse(t.Contract)), t))];
        var contracts = string.Join(',', network.Tokens.Select(t => $"\"{t.Contract}\""));
        _logFilter = $"""
            "address":[{contracts}],"topics":["{Hex.ToData(Abi.TransferTopic)}"]
            """;
    }

    public Network Network { get; }

    public int MostAtOnce => EvmHoldings.MostAtOnce;

    public Task<long> HeadAsync(CancellationToken ct) =>
        _rpc.CallAsync(
            "eth_blockNumber",
            "[]",
            (ref Utf8JsonReader json) =>
                Hex.TryParseQuantity(json.ValueSpan, out ulong height)
                    ? checked((long)height)
                    : throw new JsonException("a height"),
            ct
        );

    public async Task<BlockRef?> FinalizedAsync(CancellationToken ct) =>
        Network.Finality is FinalityRule.Tag tag ? (await BlockAsync($"\"{tag.Name}\"", ct))?.Header.Ref : null;

    public async Task<BlockHeader?> HeaderAtAsync(long height, CancellationToken ct)
    {
        var found = await BlockAsync($"\"{Hex.ToQuantity((ulong)height)}\"", ct);
        if (found is not null && found.Header.Ref.Height != height)
            throw new NodeException(NodeFault.Malformed, $"asked for block {height}, got {found.Header.Ref}");
        return found?.Header;
    }

    public Task<BlockHeader?> HeaderAfterAsync(long height, long head, CancellationToken ct) =>
        HeaderAtAsync(height + 1, ct);

    public async Task<BlockTransfers> TransfersAsync(BlockHeader block, IAddressFilter ours, CancellationToken ct)
    {
        var header = await HeaderOfAsync(block, ct);
        var bloom = header.Bloom;
        var perhaps = _tokens.Any(t => Bloom.MayContain(bloom, t.Contract, _transfer));
        // A bloom without any bit says nothing: nodes and networks that do not fill it in look like this.
        if (!perhaps && _bloomExcludes && bloom.AsSpan().ContainsAnyExcept((byte)0))
            return BlockTransfers.None;
        var logs = await LogsAsync(block.Ref, ours, ct);
        if (logs.Count == 0 && perhaps)
            logs = await DoubtEmptyAsync(block.Ref, bloom, ours, ct);
        return logs.Ours.Count == 0 ? BlockTransfers.None : await JudgeAsync(logs.Ours, header, ct);
    }

    public bool TryReadAddress(string text, out byte[] raw)
    {
        // One display form: a second spelling of an address would be a second row.
        var ok = EvmAddress.TryParse(text, out var address) && address.ToString() == text;
        raw = ok ? address.ToArray() : [];
        return ok;
    }

    public Task ProbeAsync(CancellationToken ct) => _rpc.AdmitAllAsync(ct);

    public Task<IReadOnlyList<TokenReading>> ReadTokensAsync(CancellationToken ct) =>
        new EvmTokens(Network, _rpc).ReadAsync(ct);

    public void Doubt() => _rpc.PreferAnother();

    /// <inheritdoc/>
    public Task<Holdings> HoldingsAsync(IReadOnlyList<TokenAt> accounts, BlockRef final, CancellationToken ct) =>
        _holdings.ReadAsync(accounts, final, ct);

    private async Task<EvmHeader?> BlockAsync(string which, CancellationToken ct)
    {
        var found = await _rpc.CallAsync("eth_getBlockByNumber", $"[{which},false]", _readBlock, ct);
        if (found is not null)
            _headers.Remember(found.Header.Ref.Hash, found);
        return found;
    }

    private async Task<EvmHeader> HeaderOfAsync(BlockHeader block, CancellationToken ct)
    {
        if (_headers.TryRecall(block.Ref.Hash, out var known))
            return known;
        var found =
            await _rpc.CallAsync("eth_getBlockByHash", $"[\"{block.Ref.Hash}\",false]", _readBlock, ct)
            ?? throw new NodeException(NodeFault.Lagging, $"the node does not know block {block.Ref}");
        if (found.Header.Ref != block.Ref)
            throw new NodeException(NodeFault.Malformed, $"asked for block {block.Ref}, got {found.Header.Ref}");
        return found;
    }

    private Task<EvmLogList> LogsAsync(BlockRef block, IAddressFilter ours, CancellationToken ct)
    {
        var reader = new EvmLogReader(ours, block.Hash);
        return _rpc.CallAsync(
            "eth_getLogs",
            $$"""[{"blockHash":"{{block.Hash}}",{{_logFilter}}}]""",
            (ref Utf8JsonReader json) =>
            {
                var logs =
                    reader.Read(ref json)
                    ?? throw new NodeException(NodeFault.Lagging, $"the node has no logs of block {block}");
                return Caps.Contains(logs.Count)
                    ? throw new NodeException(
                        NodeFault.Truncated,
                        $"exactly {logs.Count} logs: the list may be cut off"
                    )
                    : logs;
            },
            ct
        );
    }

    /// <summary>
    /// The bloom says perhaps, the node says nothing (EVM-07). A filter may err, a node that leaves logs out may not:
    /// the block's receipts must explain every bit of the bloom, and hold no transfer of a pinned token.
    /// </summary>
    private async Task<EvmLogList> DoubtEmptyAsync(
        BlockRef block,
        byte[] bloom,
        IAddressFilter ours,
        CancellationToken ct
    )
    {
        IReadOnlyList<EvmReceipt> receipts;
        try
        {
            receipts = await _rpc.CallAsync(
                "eth_getBlockReceipts",
                $"[\"{block.Hash}\"]",
                (ref Utf8JsonReader json) =>
                    EvmReceipts.ReadAll(ref json)
                    ?? throw new NodeException(NodeFault.Lagging, $"the node has no receipts of block {block}"),
                ct
            );
        }
        catch (NodeException e) when (e.Fault == NodeFault.Refused)
        {
            // No node of ours knows this question. A second opinion must do here; the watcher reads the block once more
            // before it makes it final.
            _rpc.PreferAnother();
            return await LogsAsync(block, ours, ct);
        }
        if (
            EvmReceipts.Prove(receipts, block, bloom)
            && !receipts.SelectMany(r => r.Logs).Any(l => l.IsTransferOf(Network))
        )
            return EvmLogList.Empty;
        _rpc.PreferAnother();
        throw new NodeException(NodeFault.Lagging, $"the node left out logs of block {block}");
    }

    private async Task<BlockTransfers> JudgeAsync(IReadOnlyList<EvmLog> logs, EvmHeader header, CancellationToken ct)
    {
        var block = header.Header.Ref;
        var proven = _verified ? await ProvenReceiptsAsync(header, ct) : null;
        var transfers = new List<ObservedTransfer>();
        var quarantined = new List<QuarantinedTransfer>();
        // Logs of other contracts are dropped before they can cost a question (TOK-01).
        var known = logs.Where(l => EvmTransfers.TokenOf(l, Network) is not null);
        foreach (var transaction in known.GroupBy(l => l.TransactionHash))
        {
            var receipt = proven is null
                ? await ReceiptAsync(transaction.Key, ct)
                : proven.GetValueOrDefault(transaction.Key)
                    ?? throw new NodeException(
                        NodeFault.Malformed,
                        $"block {block} has no receipt of {transaction.Key}"
                    );
            var seen = new HashSet<ulong>();
            foreach (var log in transaction)
            {
                if (!seen.Add(log.LogIndex))
                    throw new NodeException(NodeFault.Malformed, $"log {log.LogIndex} of block {block} comes twice");
                var (transfer, bad) = EvmTransfers.Judge(log, receipt, block, Network);
                if (transfer is not null)
                    transfers.Add(transfer);
                if (bad is not null)
                    quarantined.Add(bad);
            }
        }
        return new BlockTransfers(transfers, quarantined);
    }

    private Task<EvmReceipt> ReceiptAsync(string transaction, CancellationToken ct) =>
        _rpc.CallAsync(
            "eth_getTransactionReceipt",
            $"[\"{transaction}\"]",
            (ref Utf8JsonReader json) =>
                EvmReceipts.Read(ref json)
                ?? throw new NodeException(NodeFault.Lagging, $"the node has no receipt of {transaction}"),
            ct
        );

    private Task<IReadOnlyDictionary<string, EvmReceipt>> ProvenReceiptsAsync(EvmHeader header, CancellationToken ct) =>
        _rpc.CallAsync(
            "eth_getBlockReceipts",
            $"[\"{header.Header.Ref.Hash}\"]",
            (ref Utf8JsonReader json) =>
                EvmProof.ReadReceipts(ref json, header.ReceiptsRoot!)
                ?? throw new NodeException(NodeFault.Lagging, $"the node has no receipts of block {header.Header.Ref}"),
            ct
        );
}
