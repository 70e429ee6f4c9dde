namespace StablePay.Storage;

/// <summary>Tables <c>events</c> and <c>event_sequences</c>, and how an event becomes deliveries.</summary>
public sealed class EventTable
{
    private static readonly Sql Columns =
        $"id, store_id, mode, type, sequence, object_id, object_version, created_at_ms, body";

    private static readonly CommitResult NoStore = new CommitResult.Stale("store");
    private static readonly CommitResult Known = new CommitResult.Duplicate("event");
    private readonly Db _db;

    internal EventTable(Db db) => _db = db;

    /// <summary>Events with a higher sequence than <paramref name="after"/>, in order and without a hole.</summary>
    public Task<IReadOnlyList<StoredEvent>> ListAsync(
        StoreId store,
        bool live,
        long after,
        int limit,
        CancellationToken ct
    ) =>
        _db.ListAsync(
            $"""
            select {Columns} from events
            where store_id = {store} and mode = {Names.Mode(live)} and sequence > {after}
            order by sequence limit {(long)limit}
            """,
            Read,
            ct
        );

    public Task<StoredEvent?> FindAsync(StoreId store, bool live, EventId id, CancellationToken ct) =>
        _db.FindAsync(
            $"select {Columns} from events where id = {id} and store_id = {store} and mode = {Names.Mode(live)}",
            Read,
            ct
        );

    /// <summary>The bytes that every delivery of the event signs and sends.</summary>
    public Task<string?> BodyAsync(EventId id, CancellationToken ct) =>
        _db.FindAsync($"select body from events where id = {id}", row => row.Text(), ct);

    /// <summary>
    /// The number is taken and used inside one transaction, which holds the sequence's row until it ends: numbers
    /// have no hole and no repeat, and become visible in their order (E3).
    /// </summary>
    internal static void Add(List<Statement> statements, NewEvent e)
    {
        var mode = Names.Mode(e.Live);
        statements.Add(
            Statement.Of(
                $"update event_sequences set last = last + 1 where store_id = {e.Store} and mode = {mode}",
                NoStore
            )
        );
        statements.Add(
            Statement.Of(
                $"""
                insert into events ({Columns})
                select {e.Id}, store_id, mode, {e.Type.Name}, last, {e.ObjectId}, {e.ObjectVersion}, {e.CreatedAt},
                    {e.BodyHead} || cast(last as text) || {e.BodyTail}
                from event_sequences where store_id = {e.Store} and mode = {mode}
                on conflict do nothing
                """,
                Known
            )
        );
        var wanting = Wanting(e, mode);
        var tail = DeliveryTail(e.Id);
        statements.Add(
            Statement.Of(
                $"""
                insert into deliveries (id, event_id, endpoint_id, state, attempts, created_at_ms, version)
                select {DeliveryId.Prefix} || {tail}, {e.Id}, w.id, 'pending', 0, {e.CreatedAt}, 1 {wanting}
                on conflict do nothing
                """,
                null
            )
        );
        statements.Add(
            Statement.Of(
                $"""
                insert into jobs (id, kind, subject, lane, state, due_at_ms, attempt, unique_key, created_at_ms)
                select {JobId.Prefix} || {tail}, {JobKind.DeliverWebhook.Name}, {DeliveryId.Prefix} || {tail}, w.id,
                    'ready', {e.DueAt}, 0, {JobKind.DeliverWebhook.Name} || ':' || {DeliveryId.Prefix} || {tail},
                    {e.DueAt}
                {wanting}
                on conflict do nothing
                """,
                null
            )
        );
    }

    /// <summary>
    /// Time and half the chance of the event's id, and half the chance of the endpoint's: the same pair always makes
    /// the same id, and 65 bits of each keep it as unguessable as any.
    /// </summary>
    private static Sql DeliveryTail(EventId id)
    {
        const int Half = 13; // As is the 12 in the text: the last thirteen.
        var tail = id.Value[EventId.Prefix.Length..];
        var head = tail[..Math.Max(0, tail.Length - Half)];
        return $"{head} || substr(w.id, length(w.id) - 12)";
    }

    private static Sql Wanting(NewEvent e, string mode)
    {
        var mark = $",{e.Type.Name},";
        return $"""
            from webhook_endpoints w
            where w.store_id = {e.Store} and w.mode = {mode} and w.status = 'enabled'
                and ((w.events = '' and {Value.Of(
                e.Type.IsDocumented
            )} = 1) or replace(w.events, {mark}, '') <> w.events)
            """;
    }

    private static StoredEvent Read(Row row) =>
        new(
            row.Id<EventId>(),
            row.Id<StoreId>(),
            row.Live(),
            row.Text(),
            row.Number(),
            row.Text(),
            row.Number(),
            row.Time(),
            row.Text()
        );
}
