namespace StablePay.Storage;

/// <summary>
/// Tables <c>sandbox_transfers</c>, <c>sandbox_forks</c> and <c>sandbox_troubles</c>: what the sandbox networks
/// remember.
/// </summary>
public sealed class SandboxTable
{
    private static readonly Sql Columns = $"""
        network, tx_hash, position, contract, atoms, from_address, to_address, reverted, height, not_before_ms,
        comes_again_ms
        """;

    private readonly Db _db;

    internal SandboxTable(Db db) => _db = db;

    /// <summary>Transfers that exist already are kept as they are.</summary>
    public Task AddPendingAsync(IReadOnlyList<SandboxTransfer> transfers, CancellationToken ct) =>
        _db.WriteAsync(
            async link =>
            {
                foreach (var t in transfers)
                {
                    await link.ExecuteAsync(
                        $"""
                        insert into sandbox_transfers ({Columns})
                        values ({t.Network}, {t.TransactionHash}, {(long)t.Position}, {t.Contract}, {t.Atoms}, {t.From},
                            {t.To}, {(t.Reverted ? 1L : 0L)}, {Value.Of(t.Height)}, {t.NotBefore},
                            {Value.Of((long?)t.ComesAgain?.TotalMilliseconds)})
                        on conflict do nothing
                        """,
                        ct
                    );
                }
                return true;
            },
            ct
        );

    /// <summary>
    /// Puts what waits on this network into the block of this height and time; says how much that was. A block that
    /// will leave the chain takes nothing but what makes it leave, so that nobody else's money goes with it.
    /// </summary>
    public Task<int> MineAsync(NetworkId network, long height, Instant time, CancellationToken ct) =>
        _db.WriteAsync(
            async link =>
            {
                Sql waiting = $"network = {network} and height is null and not_before_ms <= {time}";
                Sql leaving = $"{waiting} and comes_again_ms is not null";
                var alone = await link.ExecuteAsync(
                    $"update sandbox_transfers set height = {height} where {leaving}",
                    ct
                );
                if (alone > 0)
                    return (int)alone;
                return (int)
                    await link.ExecuteAsync($"update sandbox_transfers set height = {height} where {waiting}", ct);
            },
            ct
        );

    /// <summary>
    /// Takes the blocks from the chain that are to leave it, once the follower of the chain stands on one of them.
    /// What they held is sent again at its time.
    /// </summary>
    /// <param name="tip">Where the follower stands.</param>
    /// <returns>The lowest block that left; null if there was none.</returns>
    public async Task<long?> LeaveAsync(NetworkId network, long tip, Instant now, CancellationToken ct)
    {
        Sql lowest = $"""
            select min(height) from sandbox_transfers
            where network = {network} and comes_again_ms is not null and height is not null and height <= {tip}
            """;
        // Nearly always there is none, and a look costs no transaction.
        var seen = await _db.ListAsync(lowest, row => row.NumberOrNull(), ct);
        if (seen[0] is null)
            return null;
        return await _db.WriteAsync(
            async link =>
            {
                if ((await link.ListAsync(lowest, row => row.NumberOrNull(), ct))[0] is not { } height)
                    return (long?)null;
                await link.ExecuteAsync(
                    $"""
                    update sandbox_transfers
                    set height = null, not_before_ms = {now} + comes_again_ms, comes_again_ms = null
                    where network = {network} and comes_again_ms is not null and height >= {height}
                    """,
                    ct
                );
                await ReplaceAsync(link, network, height, drop: false, ct);
                return height;
            },
            ct
        );
    }

    /// <summary>What is the matter with networks for a store at this time.</summary>
    public Task<IReadOnlyList<SandboxTrouble>> TroublesAsync(StoreId store, Instant now, CancellationToken ct) =>
        _db.ListAsync<SandboxTrouble>(
            $"""
            select store_id, network, kind, from_ms, until_ms, height from sandbox_troubles
            where store_id = {store} and until_ms > {now} and from_ms <= {now} order by network
            """,
            row =>
                new(
                    row.Id<StoreId>(),
                    row.Network(),
                    Names.Read<TroubleKind>(row.Text(), Names.Of),
                    row.Time(),
                    row.Time(),
                    row.Number()
                ),
            ct
        );

    /// <summary>Begins trouble; what the store had with that network before is over.</summary>
    public Task PutAsync(SandboxTrouble t, CancellationToken ct) =>
        _db.ExecuteAsync(
            $"""
            insert into sandbox_troubles (store_id, network, kind, from_ms, until_ms, height)
            values ({t.Store}, {t.Network}, {Names.Of(t.Kind)}, {t.From}, {t.Until}, {t.Height})
            on conflict (store_id, network) do update set
                kind = {Names.Of(t.Kind)}, from_ms = {t.From}, until_ms = {t.Until}, height = {t.Height}
            """,
            ct
        );

    /// <summary>In the order in which they were sent.</summary>
    public Task<IReadOnlyList<SandboxTransfer>> ListAtAsync(NetworkId network, long height, CancellationToken ct) =>
        _db.ListAsync(
            $"""
            select {Columns} from sandbox_transfers where network = {network} and height = {height} order by ordinal
            """,
            Read,
            ct
        );

    public Task<IReadOnlyList<SandboxTransfer>> ListPendingAsync(NetworkId network, CancellationToken ct) =>
        _db.ListAsync(
            $"""
            select {Columns} from sandbox_transfers where network = {network} and height is null order by ordinal
            """,
            Read,
            ct
        );

    /// <summary>
    /// Abandons every block from this height on; its transfers wait again, or are gone where dropped.
    /// </summary>
    public Task<SandboxFork> ForkAsync(NetworkId network, long fromHeight, bool drop, CancellationToken ct) =>
        _db.WriteAsync(link => ReplaceAsync(link, network, fromHeight, drop, ct), ct);

    /// <summary>Oldest first.</summary>
    public Task<IReadOnlyList<SandboxFork>> ForksAsync(NetworkId network, CancellationToken ct) =>
        _db.ListAsync<SandboxFork>(
            $"select network, from_height, number from sandbox_forks where network = {network} order by number",
            row => new(row.Network(), row.Number(), row.Number()),
            ct
        );

    private static async ValueTask<SandboxFork> ReplaceAsync(
        Link link,
        NetworkId network,
        long fromHeight,
        bool drop,
        CancellationToken ct
    )
    {
        var made = await link.ListAsync(
            $"""
            insert into sandbox_forks (network, number, from_height)
            select {network}, coalesce(max(number), 0) + 1, {fromHeight}
            from sandbox_forks where network = {network}
            returning number
            """,
            row => row.Number(),
            ct
        );
        Sql left = $"network = {network} and height >= {fromHeight}";
        Sql abandon = $"update sandbox_transfers set height = null where {left}";
        if (drop)
            abandon = $"delete from sandbox_transfers where {left}";
        await link.ExecuteAsync(abandon, ct);
        return new SandboxFork(network, fromHeight, made[0]);
    }

    private static SandboxTransfer Read(Row row) =>
        new(
            row.Network(),
            row.Text(),
            row.Small(),
            row.Text(),
            row.Amount(),
            row.Text(),
            row.Text(),
            row.Flag(),
            row.NumberOrNull()
        )
        {
            NotBefore = row.Time(),
            ComesAgain = row.NumberOrNull() is { } after ? TimeSpan.FromMilliseconds(after) : null,
        };
}
