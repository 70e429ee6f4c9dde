namespace StablePay.Storage;

/// <summary>Tables <c>merchants</c>, <c>stores</c> and <c>api_keys</c>.</summary>
public sealed class AccessTable
{
    private static readonly Sql MerchantColumns = $"m.id, m.name, m.created_at_ms";

    private static readonly Sql StoreColumns =
        $"s.id, s.merchant_id, s.name, s.status, s.session_lifetime_ms, s.tolerance_bp, s.created_at_ms";

    private static readonly Sql KeyColumns = $"""
        k.key, k.store_id, k.mode, k.permissions, k.sealed_secrets, k.allowed_addresses, k.created_at_ms,
        k.revoked_at_ms
        """;

    private readonly Db _db;

    internal AccessTable(Db db) => _db = db;

    public async Task<(ApiKey Key, Store Store, Merchant Merchant)?> FindKeyAsync(string key, CancellationToken ct)
    {
        var found = await _db.ListAsync(
            $"""
            select {KeyColumns}, {StoreColumns}, {MerchantColumns} from api_keys k
            join stores s on s.id = k.store_id join merchants m on m.id = s.merchant_id
            where k.key = {key}
            """,
            row => (ReadKey(row), ReadStore(row), ReadMerchant(row)),
            ct
        );
        return found.Count == 0 ? null : found[0];
    }

    public Task<Store?> FindStoreAsync(StoreId id, CancellationToken ct) =>
        _db.FindAsync($"select {StoreColumns} from stores s where s.id = {id}", ReadStore, ct);

    public Task<Merchant?> FindMerchantAsync(MerchantId id, CancellationToken ct) =>
        _db.FindAsync($"select {MerchantColumns} from merchants m where m.id = {id}", ReadMerchant, ct);

    public async Task<bool> AnyMerchantAsync(CancellationToken ct) =>
        (await _db.ListAsync($"select id from merchants limit 1", row => row.Text(), ct)).Count > 0;

    internal static Statement Insert(Merchant m) =>
        Statement.Of(
            $"""
            insert into merchants (id, name, created_at_ms) values ({m.Id}, {m.Name}, {m.CreatedAt})
            on conflict do nothing
            """,
            new CommitResult.Duplicate("merchant")
        );

    /// <summary>A store starts with its two event sequences, one for live and one for test events.</summary>
    internal static void Add(List<Statement> statements, Store s)
    {
        statements.Add(
            Statement.Of(
                $"""
                insert into stores (id, merchant_id, name, status, session_lifetime_ms, tolerance_bp, created_at_ms)
                values ({s.Id}, {s.Merchant}, {s.Name}, {Names.Of(s.Status)}, {(long)
                    s.SessionLifetime.TotalMilliseconds},
                    {(long)s.ToleranceBasisPoints}, {s.CreatedAt})
                on conflict do nothing
                """,
                new CommitResult.Duplicate("store")
            )
        );
        statements.Add(
            Statement.Of(
                $"""
                insert into event_sequences (store_id, mode, last)
                values ({s.Id}, {Names.Live}, 0), ({s.Id}, {Names.Test}, 0)
                on conflict do nothing
                """,
                null
            )
        );
    }

    internal static Statement Insert(ApiKey k) =>
        Statement.Of(
            $"""
            insert into api_keys
                (key, store_id, mode, permissions, sealed_secrets, allowed_addresses, created_at_ms, revoked_at_ms)
            values ({k.Key}, {k.Store}, {Names.Mode(k.Live)}, {(long)k.Permissions}, {SessionJson.Write(
                k.SealedSecrets
            )},
                {SessionJson.Write(k.AllowedAddresses)}, {k.CreatedAt}, {k.RevokedAt})
            on conflict do nothing
            """,
            new CommitResult.Duplicate("api_key")
        );

    /// <summary>A key never changes its store or mode. A revoked one stays revoked.</summary>
    internal static Statement Update(ApiKey k) =>
        Statement.Of(
            $"""
            update api_keys set permissions = {(long)k.Permissions}, sealed_secrets = {SessionJson.Write(
                k.SealedSecrets
            )},
                allowed_addresses = {SessionJson.Write(k.AllowedAddresses)},
                revoked_at_ms = coalesce(revoked_at_ms, {k.RevokedAt})
            where key = {k.Key}
            """,
            new CommitResult.Stale("api_key")
        );

    private static Merchant ReadMerchant(Row row) => new(row.Id<MerchantId>(), row.Text(), row.Time());

    private static Store ReadStore(Row row) =>
        new(
            row.Id<StoreId>(),
            row.Id<MerchantId>(),
            row.Text(),
            Names.Read<StoreStatus>(row.Text(), Names.Of),
            TimeSpan.FromMilliseconds(row.Number()),
            row.Small(),
            row.Time()
        );

    private static ApiKey ReadKey(Row row) =>
        new(
            row.Text(),
            row.Id<StoreId>(),
            row.Live(),
            (Permissions)row.Number(),
            SessionJson.ReadTexts(row.Text()),
            SessionJson.ReadTexts(row.Text()),
            row.Time(),
            row.TimeOrNull()
        );
}
