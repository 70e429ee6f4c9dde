using System.Text.Json;

namespace StablePay.Chains.Tron;

/// <summary>
/// TRON over the HTTP API of full nodes. Blocks are read by number and connected by the parent's id. A block's receipts
/// can be asked for by number alone, so they must be of exactly the transactions that the block has, and what they hold
/// for us counts only if the node still has that block at that height afterwards.
/// </summary>
public sealed class TronChain : IChain, IPayerTransfers, IBalances
{
    private const int RememberedBlocks = 128;
    private const string Newest = "/wallet/getblock";
    private const string Solidified = "/walletsolidity/getblock";

    private readonly TronApi _api;
    private readonly TronPayerTransfers _payers;
    private readonly TronHoldings _holdings;
    private readonly RecentBlocks<IReadOnlyList<TronBlockTransaction>> _transactions = new(RememberedBlocks);

    /// <param name="genesisHash">The id of block 0 to insist on, or null.</param>
    public TronChain(Network network, TronApi api, string? genesisHash)
    {
        (Network, _api) = (network, api);
        _payers = new TronPayerTransfers(api, ct => TipAsync(Newest, ct), ct => TipAsync(Solidified, ct));
        _holdings = new TronHoldings(api, ct => TipAsync(Solidified, ct));
        api.Admission = new TronProbe(network, genesisHash).RunAsync;
    }

    public Network Network { get; }

    public int MostAtOnce => TronHoldings.MostAtOnce;

    public async Task<long> HeadAsync(CancellationToken ct) => (await TipAsync(Newest, ct)).Ref.Height;

    /// <summary>The newest solidified block: 19 of the 27 producers have built on it.</summary>
    public async Task<BlockRef?> FinalizedAsync(CancellationToken ct) => (await TipAsync(Solidified, ct)).Ref;

    public async Task<BlockHeader?> HeaderAtAsync(long height, CancellationToken ct) =>
        (await BlockAsync(height, ct))?.Header;

    public Task<BlockHeader?> HeaderAfterAsync(long height, long head, CancellationToken ct) =>
        HeaderAtAsync(height + 1, ct);

    public async Task<BlockTransfers> TransfersAsync(BlockHeader block, IAddressFilter ours, CancellationToken ct)
    {
        if (!_transactions.TryRecall(block.Ref.Hash, out var transactions))
            transactions = await TransactionsOfAsync(block.Ref, ct);
        if (transactions.Count == 0)
            return BlockTransfers.None;
        var reader = new TronReceiptReader(ours, block.Ref.Height);
        var receipts = await _api.CallAsync(
            "/wallet/gettransactioninfobyblocknum",
            Numbered(block.Ref.Height),
            (ref Utf8JsonReader json) => Complete(reader.Read(ref json), transactions, block.Ref),
            ct
        );
        if (receipts.All(r => r.Ours.Count == 0))
            return BlockTransfers.None;
        // The same transactions may have done something else on another branch.
        if ((await BlockAsync(block.Ref.Height, ct))?.Header.Ref != block.Ref)
            throw new NodeException(NodeFault.Lagging, $"the node replaced block {block.Ref} while it was read");
        return Judge(receipts, transactions);
    }

    public Task ProbeAsync(CancellationToken ct) => _api.AdmitAllAsync(ct);

    public Task<IReadOnlyList<TokenReading>> ReadTokensAsync(CancellationToken ct) =>
        new TronTokens(Network, _api).ReadAsync(ct);

    public void Doubt() => _api.PreferAnother();

    public bool TryReadAddress(string text, out byte[] raw)
    {
        var ok = TronAddress.TryParse(text, out var address);
        raw = ok ? address.Bytes.ToArray() : [];
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

    private BlockTransfers Judge(IReadOnlyList<TronReceipt> receipts, IReadOnlyList<TronBlockTransaction> transactions)
    {
        var found = new List<ObservedTransfer>();
        var quarantined = new List<QuarantinedTransfer>();
        for (var i = 0; i < receipts.Count; i++)
        {
            foreach (var log in receipts[i].Ours)
            {
                var (transfer, bad) = TronTransfers.Judge(log, receipts[i], transactions[i], Network);
                if (transfer is not null)
                    found.Add(transfer);
                if (bad is not null)
                    quarantined.Add(bad);
            }
        }
        return found.Count + quarantined.Count == 0 ? BlockTransfers.None : new BlockTransfers(found, quarantined);
    }

    /// <summary>
    /// One receipt for each transaction, in the block's order. A node that lags, cuts its list or is on another branch
    /// has others or fewer (TRX-07).
    /// </summary>
    private static IReadOnlyList<TronReceipt> Complete(
        IReadOnlyList<TronReceipt>? receipts,
        IReadOnlyList<TronBlockTransaction> transactions,
        BlockRef block
    )
    {
        var same = receipts?.Count == transactions.Count;
        for (var i = 0; same && i < transactions.Count; i++)
            same = receipts![i].Id == transactions[i].Id;
        return same
            ? receipts!
            : throw new NodeException(
                NodeFault.Lagging,
                $"the node has {receipts?.Count ?? 0} receipts of block {block}, which has {transactions.Count} "
                    + "transactions, or others than its"
            );
    }

    private async Task<IReadOnlyList<TronBlockTransaction>> TransactionsOfAsync(BlockRef block, CancellationToken ct)
    {
        var found =
            await BlockAsync(block.Height, ct)
            ?? throw new NodeException(NodeFault.Lagging, $"the node does not know block {block}");
        return found.Header.Ref == block
            ? found.Transactions
            : throw new NodeException(NodeFault.Lagging, $"the node has {found.Header.Ref} in place of block {block}");
    }

    private async Task<TronBlock?> BlockAsync(long height, CancellationToken ct)
    {
        var found = await _api.CallAsync("/wallet/getblockbynum", Numbered(height), TronBlocks.Read, ct);
        if (found is not null && found.Header.Ref.Height != height)
            throw new NodeException(NodeFault.Malformed, $"asked for block {height}, got {found.Header.Ref}");
        if (found is not null)
            _transactions.Remember(found.Header.Ref.Hash, found.Transactions);
        return found;
    }

    private async Task<BlockHeader> TipAsync(string path, CancellationToken ct) =>
        (
            await _api.CallAsync(path, """{"detail":false}""", TronBlocks.Read, ct)
            ?? throw new NodeException(NodeFault.Malformed, $"{path}: the node has no block at all")
        ).Header;

    private static string Numbered(long height) =>
        string.Create(CultureInfo.InvariantCulture, $$"""{"num":{{height}}}""");
}
