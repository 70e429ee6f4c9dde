namespace StablePay.Storage;

/// <summary>Table <c>deliveries</c>: one event to one endpoint.</summary>
public sealed class DeliveryTable
{
    private static readonly Sql Columns = $"""
        id, event_id, endpoint_id, state, attempts, last_status, last_error, created_at_ms, finished_at_ms, version
        """;

    private readonly Db _db;

    internal DeliveryTable(Db db) => _db = db;

    public Task<Delivery?> FindAsync(DeliveryId id, CancellationToken ct) =>
        _db.FindAsync($"select {Columns} from deliveries where id = {id}", Read, ct);

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<Delivery>> ListByEndpointAsync(
        EndpointId endpoint,
        DeliveryId? startingAfter,
        int limit,
        CancellationToken ct
    )
    {
        Sql where = $"endpoint_id = {endpoint}";
        if (startingAfter is { } after)
            where = $"{where} and id < {after}";
        return _db.ListAsync(
            $"select {Columns} from deliveries where {where} order by id desc limit {(long)limit}",
            Read,
            ct
        );
    }

    internal static Statement Insert(Delivery d) =>
        Statement.Of(
            $"""
            insert into deliveries ({Columns})
            values ({d.Id}, {d.Event}, {d.Endpoint}, {Names.Of(d.State)}, {(long)d.Attempts}, {Value.Of(d.LastStatus)},
                {d.LastError}, {d.CreatedAt}, {d.FinishedAt}, {d.Version})
            on conflict do nothing
            """,
            new CommitResult.Duplicate("delivery")
        );

    internal static Statement Update(Delivery before, Delivery next)
    {
        Invariant.Holds(before.Id == next.Id && next.Version == before.Version + 1, "a version follows its own");
        return Statement.Of(
            $"""
            update deliveries set state = {Names.Of(next.State)}, attempts = {(long)next.Attempts},
                last_status = {Value.Of(next.LastStatus)}, last_error = {next.LastError},
                finished_at_ms = {next.FinishedAt}, version = {next.Version}
            where id = {before.Id} and version = {before.Version}
            """,
            new CommitResult.Stale(before.Id.Value)
        );
    }

    private static Delivery Read(Row row) =>
        new(
            row.Id<DeliveryId>(),
            row.Id<EventId>(),
            row.Id<EndpointId>(),
            Names.Read<DeliveryState>(row.Text(), Names.Of),
            row.Small(),
            (int?)row.NumberOrNull(),
            row.TextOrNull(),
            row.Time(),
            row.TimeOrNull(),
            row.Number()
        );
}
