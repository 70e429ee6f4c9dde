namespace StablePay.Storage;

/// <summary>Tables <c>transfers</c> and <c>quarantined_transfers</c>.</summary>
public sealed class TransferTable
{
    private static readonly Sql Columns = $"""
        id, network, tx_hash, position, asset, contract, decimals, atoms, from_address, to_address, session_id,
        store_id, block_height, block_hash, block_time_ms, state, class, seen_at_ms, version
        """;

    private static readonly CommitResult Known = new CommitResult.Duplicate("transfer");
    private readonly Db _db;

    internal TransferTable(Db db) => _db = db;

    public Task<Transfer?> FindAsync(TransferId id, CancellationToken ct) =>
        _db.FindAsync($"select {Columns} from transfers where id = {id}", Read, ct);

    /// <summary>In the order in which we saw them.</summary>
    public Task<IReadOnlyList<Transfer>> ListBySessionAsync(SessionId session, CancellationToken ct) =>
        _db.ListAsync(
            $"select {Columns} from transfers where session_id = {session} order by seen_at_ms, id",
            Read,
            ct
        );

    /// <summary>In blocks above the height, not final: to be orphaned when the chain is cut there.</summary>
    public Task<IReadOnlyList<Transfer>> ListOpenAboveAsync(NetworkId network, long height, CancellationToken ct) =>
        _db.ListAsync(
            $"""
            select {Columns} from transfers
            where network = {network} and state in ('included', 'accepted') and block_height > {height}
            order by block_height, id
            """,
            Read,
            ct
        );

    /// <summary>In blocks not above the height, not final: to become final when the height has.</summary>
    public Task<IReadOnlyList<Transfer>> ListOpenUpToAsync(NetworkId network, long height, CancellationToken ct) =>
        _db.ListAsync(
            $"""
            select {Columns} from transfers
            where network = {network} and state in ('included', 'accepted') and block_height <= {height}
            order by block_height, id
            """,
            Read,
            ct
        );

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<QuarantineEntry>> ListQuarantinedAsync(
        NetworkId network,
        int limit,
        CancellationToken ct
    ) =>
        _db.ListAsync<QuarantineEntry>(
            $"""
            select network, block_height, block_hash, tx_hash, position, reason, seen_at_ms from quarantined_transfers
            where network = {network} order by seen_at_ms desc, tx_hash, position limit {(long)limit}
            """,
            row =>
                new(
                    row.Network(),
                    new BlockRef(row.Number(), row.Text()),
                    new QuarantinedTransfer(row.Text(), row.Number(), row.Text()),
                    row.Time()
                ),
            ct
        );

    internal static Statement Insert(Transfer t)
    {
        Invariant.Holds(t.Amount.Token.Network == t.Network, "a transfer's token is of its network");
        return Statement.Of(
            $"""
            insert into transfers ({Columns}) values (
                {t.Id}, {t.Network}, {t.TransactionHash}, {t.Position}, {t.Amount.Token.Asset.Code},
                {t.Amount.Token.Contract}, {(long)
                t.Amount.Token.Decimals}, {t.Amount.Atoms}, {t.From}, {t.To}, {t.Session},
                {t.Store}, {t.Block.Height}, {t.Block.Hash}, {t.BlockTime}, {Names.Of(t.State)}, {Names.Of(t.Class)},
                {t.SeenAt}, {t.Version})
            on conflict do nothing
            """,
            Known
        );
    }

    /// <summary>
    /// A transfer that is included again takes everything from its new block's receipt; only its identity and its first
    /// sight stay. One that is final never changes again (T4), whatever asks.
    /// </summary>
    internal static Statement Update(Transfer before, Transfer next)
    {
        Invariant.Holds(before.Id == next.Id && next.Version > before.Version, "a version follows its own");
        return Statement.Of(
            $"""
            update transfers set asset = {next.Amount.Token.Asset.Code}, contract = {next.Amount.Token.Contract},
                decimals = {(long)next.Amount.Token.Decimals}, atoms = {next.Amount.Atoms}, from_address = {next.From},
                to_address = {next.To}, session_id = {next.Session}, store_id = {next.Store},
                block_height = {next.Block.Height}, block_hash = {next.Block.Hash}, block_time_ms = {next.BlockTime},
                state = {Names.Of(next.State)}, class = {Names.Of(next.Class)}, version = {next.Version}
            where id = {before.Id} and version = {before.Version} and state <> 'final'
            """,
            new CommitResult.Stale(before.Id.Value)
        );
    }

    internal static Statement Quarantine(NetworkId network, BlockRef block, QuarantinedTransfer t, Instant now) =>
        Statement.Of(
            $"""
            insert into quarantined_transfers
                (network, block_hash, tx_hash, position, block_height, reason, seen_at_ms)
            values ({network}, {block.Hash}, {t.TransactionHash}, {t.Position}, {block.Height}, {t.Reason}, {now})
            on conflict do nothing
            """,
            null
        );

    private static Transfer Read(Row row)
    {
        var (id, network, hash, position) = (row.Id<TransferId>(), row.Network(), row.Text(), row.Number());
        var token = new Token(network, new Asset(row.Text()), row.Text(), row.Small());
        return new Transfer
        {
            Id = id,
            Network = network,
            TransactionHash = hash,
            Position = position,
            Amount = new TokenAmount(token, row.Amount()),
            From = row.Text(),
            To = row.Text(),
            Session = row.Id<SessionId>(),
            Store = row.Id<StoreId>(),
            Block = new BlockRef(row.Number(), row.Text()),
            BlockTime = row.Time(),
            State = Names.Read<TransferState>(row.Text(), Names.Of),
            Class = Names.Read<TransferClass>(row.Text(), Names.Of),
            SeenAt = row.Time(),
            Version = row.Number(),
        };
    }
}
