namespace StablePay.Storage;

/// <summary>Table <c>leases</c>: one holder per name, with a term that grows when the holder changes (O2).</summary>
public sealed class LeaseTable
{
    private static readonly CommitResult Lost = new CommitResult.Stale("lease");
    private readonly Db _db;

    internal LeaseTable(Db db) => _db = db;

    /// <summary>
    /// Takes a free or ended lease, or renews one's own. Null while somebody else holds it. A holder must stop before
    /// <paramref name="now"/> + <paramref name="length"/> unless it has renewed by then.
    /// </summary>
    public Task<LeaseGrip?> AcquireAsync(
        string name,
        string owner,
        TimeSpan length,
        Instant now,
        CancellationToken ct
    ) =>
        _db.WriteAsync(
            link =>
                link.FindAsync<LeaseGrip>(
                    $"""
                    insert into leases (name, owner, term, expires_at_ms) values ({name}, {owner}, 1, {now + length})
                    on conflict (name) do update set owner = excluded.owner, expires_at_ms = excluded.expires_at_ms,
                        term = leases.term + case when leases.owner = excluded.owner then 0 else 1 end
                    where leases.owner = excluded.owner or leases.expires_at_ms <= {now}
                    returning name, owner, term
                    """,
                    row => new(row.Text(), row.Text(), row.Number()),
                    ct
                ),
            ct
        );

    /// <summary>Lets the next one in at once. A grip that is no longer the holder's changes nothing.</summary>
    public Task ReleaseAsync(LeaseGrip grip, CancellationToken ct) =>
        _db.ExecuteAsync(
            $"""
            update leases set owner = '', expires_at_ms = 0
            where name = {grip.Name} and owner = {grip.Owner} and term = {grip.Term}
            """,
            ct
        );

    /// <summary>
    /// Holds the lease's row until the commit ends, so that a new holder cannot begin between this check and the writes
    /// that rely on it. A holder that overslept may still write as long as nobody has followed it.
    /// </summary>
    internal static Statement Guard(LeaseGrip grip) =>
        Statement.Of(
            $"""
            update leases set term = term where name = {grip.Name} and owner = {grip.Owner} and term = {grip.Term}
            """,
            Lost
        );
}
