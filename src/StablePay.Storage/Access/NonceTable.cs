namespace StablePay.Storage;

/// <summary>Table <c>nonces</c>: each key uses each nonce once (API-01).</summary>
public sealed class NonceTable
{
    private const int PruneBatch = 5_000;

    private static readonly InsertInto Into = new(
        "nonces",
        ("key_id", ValueKind.Text),
        ("nonce", ValueKind.Text),
        ("expires_at_ms", ValueKind.Number)
    );

    private static readonly CommitResult Spent = new CommitResult.Duplicate("nonce");
    private readonly Db _db;

    internal NonceTable(Db db) => _db = db;

    /// <summary>Removes a bounded batch of nonces whose requests would be refused as too old; says how many.</summary>
    public async Task<int> PruneAsync(Instant now, CancellationToken ct) =>
        (int)
            await _db.ExecuteAsync(
                $"""
                delete from nonces where (key_id, nonce) in (
                    select key_id, nonce from nonces where expires_at_ms <= {now}
                    order by expires_at_ms limit {(long)PruneBatch})
                """,
                ct
            );

    internal static Statement Insert(NonceClaim n) =>
        Into.Row(Spent, Value.Of(n.KeyId), Value.Of(n.Nonce), Value.Of(n.ExpiresAt));
}
