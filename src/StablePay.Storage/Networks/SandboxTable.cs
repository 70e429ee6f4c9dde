namespace StablePay.Storage;

/// <summary>Tables <c>sandbox_transfers</c> and <c>sandbox_forks</c>: what the sandbox networks remember.</summary>
public sealed class SandboxTable
{
    private static readonly Sql Columns =
        $"network, tx_hash, position, contract, atoms, from_address, to_address, reverted, height";

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
                            {t.To}, {(t.Reverted ? 1L : 0L)}, {Value.Of(t.Height)})
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
    /// Puts everything that waits on this network into the block of this height; says how much that was.
    /// </summary>
    public async Task<int> MineAsync(NetworkId network, long height, CancellationToken ct) =>
        (int)
            await _db.ExecuteAsync(
                $"update sandbox_transfers set height = {height} where network = {network} and height is null",
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
        _db.WriteAsync(
            async link =>
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
            },
            ct
        );

    /// <summary>Oldest first.</summary>
    public Task<IReadOnlyList<SandboxFork>> ForksAsync(NetworkId network, CancellationToken ct) =>
        _db.ListAsync<SandboxFork>(
            $"select network, from_height, number from sandbox_forks where network = {network} order by number",
            row => new(row.Network(), row.Number(), row.Number()),
            ct
        );

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
        );
}
