using System.Runtime.CompilerServices;

namespace StablePay.Storage;

/// <summary>Tables <c>deposit_addresses</c> and <c>address_indexes</c>.</summary>
public sealed class AddressTable
{
    private const int PageSize = 10_000;

    private static readonly Sql Columns = $"network, address, session_id, store_id, address_index, created_at_ms";
    private static readonly CommitResult Issued = new CommitResult.Duplicate("address");
    private readonly Db _db;

    internal AddressTable(Db db) => _db = db;

    public Task<DepositAddress?> FindAsync(NetworkId network, string address, CancellationToken ct) =>
        _db.FindAsync(
            $"select {Columns} from deposit_addresses where network = {network} and address = {address}",
            Read,
            ct
        );

    /// <summary>
    /// Where an address was issued, on the first of these networks that has it. Networks of one address space share
    /// its addresses, and money may come to one on another of them (TOK-19).
    /// </summary>
    public async Task<DepositAddress?> FindAsync(
        IReadOnlyList<NetworkId> networks,
        string address,
        CancellationToken ct
    )
    {
        foreach (var network in networks)
            if (await FindAsync(network, address, ct) is { } found)
                return found;
        return null;
    }

    /// <summary>
    /// The addresses issued at or after a time, oldest first. Read page by page, so that a million of them hold
    /// neither a connection nor the memory.
    /// </summary>
    public async IAsyncEnumerable<string> ListSinceAsync(
        NetworkId network,
        Instant since,
        [EnumeratorCancellation] CancellationToken ct
    )
    {
        var (time, address) = (since, "");
        while (true)
        {
            var page = await _db.ListAsync(
                $"""
                select address, created_at_ms from deposit_addresses
                where network = {network} and (created_at_ms, address) > ({time}, {address})
                order by created_at_ms, address limit {(long)PageSize}
                """,
                row => (Address: row.Text(), Time: row.Time()),
                ct
            );
            foreach (var found in page)
                yield return found.Address;
            if (page.Count < PageSize)
                yield break;
            (address, time) = page[^1];
        }
    }

    /// <summary>
    /// Takes <paramref name="count"/> indexes that nobody has had or will have, also after a crash: the counter is
    /// durable before this returns and never goes down (A1).
    /// </summary>
    /// <param name="atLeast">Not below this: where a restored database is known to have forgotten some.</param>
    /// <returns>The first of them.</returns>
    public Task<long> ReserveIndexesAsync(string scheme, int count, long atLeast, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return _db.WriteAsync(
            async link =>
            {
                var rows = await link.ListAsync(
                    $"""
                    insert into address_indexes (scheme, next_index) values ({scheme}, {atLeast + count})
                    on conflict (scheme) do update set next_index = {(long)count} + case
                        when address_indexes.next_index < {atLeast} then {atLeast} else address_indexes.next_index end
                    returning next_index
                    """,
                    row => row.Number(),
                    ct
                );
                return rows[0] - count;
            },
            ct
        );
    }

    private static DepositAddress Read(Row row) =>
        new(row.Network(), row.Text(), row.Id<SessionId>(), row.Id<StoreId>(), row.Number(), row.Time());

    internal static Statement Insert(DepositAddress a) =>
        Statement.Of(
            $"""
            insert into deposit_addresses ({Columns})
            values ({a.Network}, {a.Address}, {a.Session}, {a.Store}, {a.Index}, {a.CreatedAt})
            on conflict do nothing
            """,
            Issued
        );
}
