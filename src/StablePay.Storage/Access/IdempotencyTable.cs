namespace StablePay.Storage;

/// <summary>Table <c>idempotency</c>: the one run, and then the one answer, of each idempotency key.</summary>
public sealed class IdempotencyTable
{
    private const int PruneBatch = 2_000;

    private static readonly CommitResult Taken = new CommitResult.Duplicate("idempotency");
    private static readonly CommitResult Lost = new CommitResult.Stale("idempotency");
    private readonly Db _db;

    internal IdempotencyTable(Db db) => _db = db;

    public Task<IdempotencyRecord?> FindAsync(string keyId, string key, CancellationToken ct) =>
        _db.FindAsync<IdempotencyRecord>(
            $"""
            select request_hash, case when state = 'done' then 1 else 0 end, status, body, running_until_ms
            from idempotency where key_id = {keyId} and idempotency_key = {key}
            """,
            row => new(row.Text(), row.Flag(), row.Small(), row.BytesOrNull() ?? [], row.Time()),
            ct
        );

    /// <summary>
    /// Takes over a run whose time is over: its process died, or is too late to complete it. False when it is done,
    /// still has time, is another request's, or somebody else was faster.
    /// </summary>
    public async Task<bool> TakeOverAsync(IdempotencyClaim claim, Instant now, CancellationToken ct) =>
        await _db.ExecuteAsync(
            $"""
            update idempotency set owner = {claim.Owner}, running_until_ms = {claim.RunningUntil},
                expires_at_ms = {claim.ExpiresAt}
            where key_id = {claim.KeyId} and idempotency_key = {claim.Key} and state = 'running'
                and running_until_ms <= {now} and request_hash = {claim.RequestHash}
            """,
            ct
        ) > 0;

    /// <summary>Gives up a run without an answer, so that the same key may be tried again at once.</summary>
    public Task ReleaseAsync(IdempotencyClaim claim, CancellationToken ct) =>
        _db.ExecuteAsync(
            $"""
            delete from idempotency
            where key_id = {claim.KeyId} and idempotency_key = {claim.Key} and owner = {claim.Owner}
                and state = 'running'
            """,
            ct
        );

    /// <summary>Removes a bounded batch of records that have outlived their promise; says how many.</summary>
    public async Task<int> PruneAsync(Instant now, CancellationToken ct) =>
        (int)
            await _db.ExecuteAsync(
                $"""
                delete from idempotency where (key_id, idempotency_key) in (
                    select key_id, idempotency_key from idempotency where expires_at_ms <= {now}
                    order by expires_at_ms limit {(long)PruneBatch})
                """,
                ct
            );

    internal static Statement Insert(IdempotencyClaim c) =>
        Statement.Of(
            $"""
            insert into idempotency
                (key_id, idempotency_key, request_hash, owner, state, status, body, running_until_ms, expires_at_ms)
            values ({c.KeyId}, {c.Key}, {c.RequestHash}, {c.Owner}, 'running', 0, null, {c.RunningUntil}, {c.ExpiresAt})
            on conflict do nothing
            """,
            Taken
        );

    internal static Statement Complete(IdempotencyClaim c, int status, byte[] body) =>
        Statement.Of(
            $"""
            update idempotency set state = 'done', status = {(long)status}, body = {Value.Of(body)}
            where key_id = {c.KeyId} and idempotency_key = {c.Key} and owner = {c.Owner} and state = 'running'
            """,
            Lost
        );
}
