namespace StablePay.Storage;

/// <summary>Table <c>webhook_endpoints</c>.</summary>
public sealed class EndpointTable
{
    private static readonly Sql Columns =
        $"id, store_id, mode, url, description, events, status, sealed_secrets, created_at_ms, version";

    private readonly Db _db;

    internal EndpointTable(Db db) => _db = db;

    public Task<WebhookEndpoint?> FindAsync(EndpointId id, CancellationToken ct) =>
        _db.FindAsync($"select {Columns} from webhook_endpoints where id = {id}", Read, ct);

    /// <summary>Newest first, without the deleted ones.</summary>
    public Task<IReadOnlyList<WebhookEndpoint>> ListAsync(
        StoreId store,
        bool live,
        EndpointId? startingAfter,
        int limit,
        CancellationToken ct
    )
    {
        Sql where = $"store_id = {store} and mode = {Names.Mode(live)} and status <> 'deleted'";
        if (startingAfter is { } after)
            where = $"{where} and id < {after}";
        return _db.ListAsync(
            $"select {Columns} from webhook_endpoints where {where} order by id desc limit {(long)limit}",
            Read,
            ct
        );
    }

    internal static Statement Insert(WebhookEndpoint e) =>
        Statement.Of(
            $"""
            insert into webhook_endpoints ({Columns})
            values ({e.Id}, {e.Store}, {Names.Mode(e.Live)}, {e.Url}, {e.Description}, {WriteEvents(e.Events)},
                {Names.Of(e.Status)}, {SessionJson.Write(e.SealedSecrets)}, {e.CreatedAt}, {e.Version})
            on conflict do nothing
            """,
            new CommitResult.Duplicate("endpoint")
        );

    internal static Statement Update(WebhookEndpoint before, WebhookEndpoint next)
    {
        Invariant.Holds(before.Id == next.Id && next.Version == before.Version + 1, "a version follows its own");
        return Statement.Of(
            $"""
            update webhook_endpoints set url = {next.Url}, description = {next.Description},
                events = {WriteEvents(next.Events)}, status = {Names.Of(next.Status)},
                sealed_secrets = {SessionJson.Write(next.SealedSecrets)}, version = {next.Version}
            where id = {before.Id} and version = {before.Version}
            """,
            new CommitResult.Stale(before.Id.Value)
        );
    }

    /// <summary>
    /// <c>,a,b,</c>: each name stands between commas, also the first and the last, so that SQL can ask for one by
    /// <c>,name,</c> alone.
    /// </summary>
    private static string WriteEvents(IReadOnlyList<string> events) =>
        events.Count == 0 ? "" : $",{string.Join(",", events)},";

    private static WebhookEndpoint Read(Row row) =>
        new(
            row.Id<EndpointId>(),
            row.Id<StoreId>(),
            row.Live(),
            row.Text(),
            row.TextOrNull(),
            row.Text().Split(',', StringSplitOptions.RemoveEmptyEntries),
            Names.Read<EndpointStatus>(row.Text(), Names.Of),
            SessionJson.ReadTexts(row.Text()),
            row.Time(),
            row.Number()
        );
}
