namespace StablePay.Storage;

/// <summary>
/// Tables <c>reconciliation_items</c> and <c>reconciliation_cycles</c>, and what of other tables is compared.
/// </summary>
public sealed class ReconciliationTable
{
    private static readonly Sql Columns = $"""
        id, network, asset, contract, decimals, address, session_id, store_id, kind, state, ledger_atoms, chain_atoms,
        block_height, suspected_at_ms, opened_at_ms, closed_at_ms, looked_in_cycle, version
        """;

    private readonly Db _db;

    internal ReconciliationTable(Db db) => _db = db;

    /// <summary>
    /// Addresses of ours on a network in order: those that were shown there, and those of its address space that money
    /// came to there.
    /// </summary>
    public Task<IReadOnlyList<string>> AddressesAfterAsync(
        NetworkId network,
        string after,
        int limit,
        CancellationToken ct
    ) =>
        _db.ListAsync(
            $"""
            select address from (
                select address from (
                    select address from deposit_addresses where network = {network} and address > {after}
                    order by address limit {(long)limit}) as shown
                union
                select address from (
                    select distinct to_address as address from transfers
                    where network = {network} and to_address > {after} order by to_address limit {(long)limit}) as paid
            ) as own
            order by address limit {(long)limit}
            """,
            row => row.Text(),
            ct
        );

    /// <summary>
    /// Every transfer of a network, in blocks up to a height, to these addresses, or from one of them to another of
    /// ours. Those whose block left the chain are not among them.
    /// </summary>
    public Task<IReadOnlyList<Movement>> MovementsAsync(
        NetworkId network,
        IReadOnlyCollection<string> addresses,
        long upTo,
        CancellationToken ct
    )
    {
        Sql In() => Sql.In(addresses);
        return _db.ListAsync<Movement>(
            $"""
            select from_address, to_address, contract, atoms, block_height, state, class from transfers
            where network = {network} and to_address in ({In()}) and state <> 'orphaned' and block_height <= {upTo}
            union all
            select from_address, to_address, contract, atoms, block_height, state, class from transfers
            where network = {network} and from_address in ({In()}) and class = 'internal'
                and to_address not in ({In()}) and state <> 'orphaned' and block_height <= {upTo}
            """,
            row =>
                new(
                    row.Text(),
                    row.Text(),
                    row.Text(),
                    row.Amount(),
                    row.Number(),
                    row.Text() == Names.Of(TransferState.Final),
                    row.Text() == Names.Of(TransferClass.Internal)
                ),
            ct
        );
    }

    /// <summary>Items of these addresses that are not closed.</summary>
    public Task<IReadOnlyList<ReconciliationItem>> OngoingAsync(
        NetworkId network,
        IReadOnlyCollection<string> addresses,
        CancellationToken ct
    ) =>
        _db.ListAsync(
            $"""
            select {Columns} from reconciliation_items
            where network = {network} and address in ({Sql.In(addresses)}) and state <> 'closed' order by id
            """,
            Read,
            ct
        );

    /// <summary>Suspicions that were not looked at again in this cycle, the oldest first.</summary>
    public Task<IReadOnlyList<ReconciliationItem>> SuspectedAsync(
        NetworkId network,
        long cycle,
        int limit,
        CancellationToken ct
    ) =>
        _db.ListAsync(
            $"""
            select {Columns} from reconciliation_items
            where network = {network} and state = 'suspected' and looked_in_cycle < {cycle}
            order by suspected_at_ms, id limit {(long)limit}
            """,
            Read,
            ct
        );

    /// <summary>Open items of all networks, the newest first.</summary>
    public Task<IReadOnlyList<ReconciliationItem>> ListOpenAsync(int limit, CancellationToken ct) =>
        _db.ListAsync(
            $"""
            select {Columns} from reconciliation_items where state = 'open'
            order by opened_at_ms desc, id limit {(long)limit}
            """,
            Read,
            ct
        );

    /// <summary>Every item that an address ever had, the oldest first.</summary>
    public Task<IReadOnlyList<ReconciliationItem>> ListByAddressAsync(
        NetworkId network,
        string address,
        CancellationToken ct
    ) =>
        _db.ListAsync(
            $"""
            select {Columns} from reconciliation_items where network = {network} and address = {address}
            order by suspected_at_ms, id
            """,
            Read,
            ct
        );

    public Task<IReadOnlyList<OpenItems>> CountOpenAsync(CancellationToken ct) =>
        _db.ListAsync<OpenItems>(
            $"""
            select network, kind, count(*) from reconciliation_items where state = 'open' group by network, kind
            """,
            row => new(row.Network(), Names.Read<DifferenceKind>(row.Text(), Names.Of), row.Number()),
            ct
        );

    public Task<IReadOnlyList<ReconciliationCycle>> CyclesAsync(CancellationToken ct) =>
        _db.ListAsync($"{Cycles} order by subject", ReadCycle, ct);

    public Task<ReconciliationCycle?> FindCycleAsync(string subject, CancellationToken ct) =>
        _db.FindAsync($"{Cycles} where subject = {subject}", ReadCycle, ct);

    internal static Statement Insert(ReconciliationItem i) =>
        Statement.Of(
            $"""
            insert into reconciliation_items ({Columns}) values (
                {i.Id}, {i.At.Token.Network}, {i.At.Token.Asset.Code}, {i.At.Token.Contract},
                {(long)
                i.At.Token.Decimals}, {i.At.Address}, {i.Session}, {i.Store}, {Names.Of(i.Difference.Kind)},
                {Names.Of(i.State)}, {i.Difference.Booked}, {i.Difference.OnChain}, {i.Height}, {i.SuspectedAt},
                {i.OpenedAt}, {i.ClosedAt}, {i.LookedInCycle}, {i.Version})
            on conflict do nothing
            """,
            new CommitResult.Duplicate("reconciliation_item")
        );

    /// <summary>A closed item never changes again.</summary>
    internal static Statement Update(ReconciliationItem before, ReconciliationItem next)
    {
        Invariant.Holds(before.Id == next.Id && next.Version > before.Version, "a version follows its own");
        return Statement.Of(
            $"""
            update reconciliation_items set state = {Names.Of(next.State)}, ledger_atoms = {next.Difference.Booked},
                chain_atoms = {next.Difference.OnChain}, block_height = {next.Height}, opened_at_ms = {next.OpenedAt},
                closed_at_ms = {next.ClosedAt}, looked_in_cycle = {next.LookedInCycle}, version = {next.Version}
            where id = {before.Id} and version = {before.Version} and state <> 'closed'
            """,
            new CommitResult.Stale(before.Id.Value)
        );
    }

    /// <summary>A suspicion that was not seen again was never told to anybody.</summary>
    internal static Statement Drop(ReconciliationItem suspected) =>
        Statement.Of(
            $"""
            delete from reconciliation_items
            where id = {suspected.Id} and version = {suspected.Version} and state = 'suspected'
            """,
            new CommitResult.Stale(suspected.Id.Value)
        );

    internal static Statement Move(ReconciliationCycle? before, ReconciliationCycle next) =>
        Statement.Of(
            $"""
            insert into reconciliation_cycles
                (subject, cycle, started_at_ms, finished_at_ms, after_address, compared, faults, version)
            values ({next.Subject}, {next.Number}, {next.StartedAt}, {next.FinishedAt}, {next.After}, {next.Compared},
                {next.Faults}, {next.Version})
            on conflict (subject) do update set cycle = excluded.cycle, started_at_ms = excluded.started_at_ms,
                finished_at_ms = excluded.finished_at_ms, after_address = excluded.after_address,
                compared = excluded.compared, faults = excluded.faults, version = excluded.version
            where reconciliation_cycles.version = {before?.Version ?? 0}
            """,
            new CommitResult.Stale("reconciliation")
        );

    private static Sql Cycles =>
        $"""
            select subject, cycle, started_at_ms, finished_at_ms, after_address, compared, faults, version
            from reconciliation_cycles
            """;

    private static ReconciliationCycle ReadCycle(Row row) =>
        new(row.Text(), row.Number(), row.Time(), row.TimeOrNull(), row.Text(), row.Number())
        {
            Faults = row.Number(),
            Version = row.Number(),
        };

    private static ReconciliationItem Read(Row row)
    {
        var id = row.Id<ReconciliationItemId>();
        var token = new Token(row.Network(), new Asset(row.Text()), row.Text(), row.Small());
        var (address, session, store) = (row.Text(), row.Id<SessionId>(), row.Id<StoreId>());
        var (kind, state) = (Names.Read<DifferenceKind>(row.Text(), Names.Of), row.Text());
        return new ReconciliationItem
        {
            Id = id,
            At = new TokenAt(token, address),
            Session = session,
            Store = store,
            State = Names.Read<ItemState>(state, Names.Of),
            Difference = new Difference(kind, row.Amount(), row.Amount()),
            Height = row.Number(),
            SuspectedAt = row.Time(),
            OpenedAt = row.TimeOrNull(),
            ClosedAt = row.TimeOrNull(),
            LookedInCycle = row.Number(),
            Version = row.Number(),
        };
    }
}
