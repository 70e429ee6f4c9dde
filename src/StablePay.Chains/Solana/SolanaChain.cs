using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Solana;

/// <summary>
/// Solana over JSON-RPC. Heights are slots, and slots are skipped: the next block is looked up in the node's list of
/// slots, and that nothing was left out is believed only because the block itself names the one below as its parent
/// (SOL-11). Blocks are read when <c>confirmed</c> and final when <c>finalized</c>.
/// </summary>
public sealed class SolanaChain : IChain, IPayerTransfers, IBalances
{
    /// <summary>
    /// A block with many exchanges of tokens is larger than on other networks: ten megabytes and more.
    /// </summary>
    public static readonly RpcLimits Limits = RpcLimits.Default with { MostBytes = 48 * 1024 * 1024 };

    /// <summary>Slots looked through with one question; nodes refuse more than 500,000.</summary>
    private const int SlotsAtOnce = 512;

    private const string Confirmed = """[{"commitment":"confirmed"}]""";
    private const string Finalized = """[{"commitment":"finalized"}]""";

    private readonly JsonRpc _rpc;
    private readonly SolanaPayerTransfers _payers;
    private readonly SolanaHoldings _holdings;
    private SlotList _known = new(0, -1, []);

    /// <param name="rpc">The nodes to ask: all of the network's, or a single one.</param>
    /// <param name="genesisHash">The whole genesis hash to insist on; its beginning is pinned by the network's id.</param>
    public SolanaChain(Network network, JsonRpc rpc, string? genesisHash)
    {
        (Network, _rpc, _payers, _holdings) = (network, rpc, new SolanaPayerTransfers(rpc), new SolanaHoldings(rpc));
        rpc.Admission = new SolanaProbe(network, genesisHash).RunAsync;
    }

    public Network Network { get; }

    public int MostAtOnce => SolanaHoldings.MostAtOnce;

    public Task ProbeAsync(CancellationToken ct) => _rpc.AdmitAllAsync(ct);

    public void Doubt() => _rpc.PreferAnother();

    public Task<long> HeadAsync(CancellationToken ct) => SlotAsync(Confirmed, ct);

    public async Task<BlockRef?> FinalizedAsync(CancellationToken ct)
    {
        var slot = await SlotAsync(Finalized, ct);
        return (
            await HeaderAtAsync(slot, ct)
            ?? throw new NodeException(NodeFault.Lagging, $"the node has no block in slot {slot}, which it calls final")
        ).Ref;
    }

    public async Task<BlockHeader?> HeaderAtAsync(long height, CancellationToken ct)
    {
        NodeException? fault = null;
        try
        {
            if ((await BlockAsync(height, null, ct))?.Header is { } header)
                return header;
        }
        catch (NodeException e) when (e.Fault is NodeFault.Skipped or NodeFault.Lagging)
        {
            fault = e;
        }
        var head = await HeadAsync(ct);
        if (height > head)
            return null;
        if (fault is { Fault: NodeFault.Lagging })
            throw fault;
        // Skipped, or lost by this node: only the next block knows (SOL-11). It throws if that one has a parent here.
        Forget();
        return await HeaderAfterAsync(height - 1, head, ct) is { } next && next.Ref.Height == height
            ? throw Left($"slot {height} has no block, and then it has")
            : null;
    }

    public async Task<BlockHeader?> HeaderAfterAsync(long height, long head, CancellationToken ct)
    {
        if (await NextSlotAsync(height, head, ct) is not { } slot)
            return null;
        try
        {
            var header = (await BlockAsync(slot, null, ct))?.Header ?? throw Left($"slot {slot} is listed, and is not");
            return header.Parent.Height <= height
                ? header
                : throw Left(
                    $"no block is listed between {height} and {slot}, whose parent is in {header.Parent.Height}"
                );
        }
        catch (NodeException)
        {
            Forget();
            throw;
        }
    }

    public async Task<BlockTransfers> TransfersAsync(BlockHeader block, IAddressFilter ours, CancellationToken ct)
    {
        var found =
            await BlockAsync(block.Ref.Height, new SolanaTransactionReader(ours), ct)
            ?? throw new NodeException(NodeFault.Lagging, $"the node does not know block {block.Ref}");
        if (found.Header.Ref != block.Ref)
            throw new NodeException(
                NodeFault.Lagging,
                $"the node has {found.Header.Ref} in place of block {block.Ref}"
            );
        if (found.Ours.Count == 0)
            return BlockTransfers.None;
        var transfers = new List<ObservedTransfer>();
        var quarantined = new List<QuarantinedTransfer>();
        foreach (var transaction in found.Ours)
            SolanaTransfers.Judge(transaction, Network, ours, transfers, quarantined);
        return transfers.Count + quarantined.Count == 0
            ? BlockTransfers.None
            : new BlockTransfers(transfers, quarantined);
    }

    public bool TryReadAddress(string text, out byte[] raw)
    {
        var ok = SolanaAddress.TryParse(text, out var address);
        raw = ok ? address.ToArray() : [];
        return ok;
    }

    /// <inheritdoc/>
    public Task<Result<string>> MakeAsync(PayerOrder order, CancellationToken ct) => _payers.MakeAsync(order, ct);

    /// <inheritdoc/>
    public Task<Result<string>> SendAsync(PayerOrder order, string signed, CancellationToken ct) =>
        _payers.SendAsync(order, signed, ct);

    /// <inheritdoc/>
    public Task<Holdings> HoldingsAsync(IReadOnlyList<TokenAt> accounts, BlockRef final, CancellationToken ct) =>
        _holdings.ReadAsync(accounts, final, ct);

    private Task<long> SlotAsync(string commitment, CancellationToken ct) =>
        _rpc.CallAsync(
            "getSlot",
            commitment,
            (ref Utf8JsonReader json) =>
                json.TokenType == JsonTokenType.Number ? json.GetInt64() : throw new JsonException("a slot"),
            ct
        );

    /// <param name="transactions">Reads the transactions too, or null for the header alone.</param>
    private Task<SolanaBlock?> BlockAsync(long slot, SolanaTransactionReader? transactions, CancellationToken ct)
    {
        var details = transactions is null ? "none" : "accounts";
        // Without the version a node refuses every block that holds a transaction of it.
        var question = string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            [{{slot}},{"commitment":"confirmed","encoding":"json","transactionDetails":"{{details}}","rewards":false,"maxSupportedTransactionVersion":1}]
            """
        );
        return _rpc.CallAsync("getBlock", question, new SolanaBlockReader(slot, transactions).Read, ct);
    }

    /// <summary>The first slot above this one that the node lists; null if it lists none up to its head.</summary>
    private async Task<long?> NextSlotAsync(long height, long head, CancellationToken ct)
    {
        for (var from = height + 1; from <= head; from = _known.To + 1)
        {
            if (from < _known.From || from > _known.To || _known.After(height) is null)
                _known = await ListAsync(from, Math.Min(from + SlotsAtOnce - 1, head), ct);
            if (_known.After(height) is { } slot)
                return slot;
        }
        return null;
    }

    private Task<SlotList> ListAsync(long from, long to, CancellationToken ct) =>
        _rpc.CallAsync(
            "getBlocks",
            string.Create(CultureInfo.InvariantCulture, $$"""[{{from}},{{to}},{"commitment":"confirmed"}]"""),
            (ref Utf8JsonReader json) => new SlotList(from, to, SolanaBlockReader.ReadSlots(ref json, from, to)),
            ct
        );

    /// <summary>A node that contradicts itself is asked last from now on.</summary>
    private NodeException Left(string what)
    {
        _rpc.PreferAnother();
        return new NodeException(NodeFault.Lagging, what);
    }

    private void Forget() => _known = new SlotList(0, -1, []);

    /// <summary>
    /// The slots with blocks from one to another, as a node listed them; the blocks themselves prove it.
    /// </summary>
    private sealed record SlotList(long From, long To, IReadOnlyList<long> Slots)
    {
        public long? After(long height) => Slots.Where(s => s > height).Cast<long?>().FirstOrDefault();
    }
}
