using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Auditing;

/// <summary>E1 to E5: one event for one move, without holes, told as it was, and to everybody who asked.</summary>
internal sealed class EventAudit(SimWorld world, Rows rows)
{
    private static readonly Dictionary<string, string> Telling = new()
    {
        ["paid"] = "payment.completed",
        ["expired"] = "payment.expired",
        ["canceled"] = "payment.cancelled",
        ["failed"] = "payment.failed",
    };

    private readonly Dictionary<string, long> _last = [];
    private readonly Dictionary<string, long> _versions = [];
    private readonly Dictionary<string, List<(string Type, long Version)>> _told = [];

    /// <summary>The bodies of all events that were ever committed.</summary>
    private readonly Dictionary<string, string> _bodies = [];
    private readonly HashSet<(string Url, string Event)> _arrived = [];
    private readonly HashSet<string> _nonces = [];

    public int Arrivals { get; private set; }

    public void Look(RowChange change)
    {
        if (change.Action != RowAction.Insert)
            throw new AuditException("E3", "an event was changed or deleted");
        var row = rows.One(EventRow.Sql + " where rowid = @p0", EventRow.Read, change.Row);
        if (row is null || !Remember(row))
            return;
        using var body = JsonDocument.Parse(row.Body);
        var root = body.RootElement;
        if (
            root.GetProperty("id").GetString() != row.Id
            || root.GetProperty("sequence").GetInt64() != row.Sequence
            || root.GetProperty("type").GetString() != row.Type
        )
            throw new AuditException("E4", $"the body of {row.Id} is another event's");
        if (!row.Body.Contains(row.Object, StringComparison.Ordinal))
            throw new AuditException("E4", $"the body of {row.Id} does not name {row.Object}");
    }

    /// <summary>E1: a session that came to an end was told of, with that version; one that did not was not.</summary>
    public void CheckTold(SessionRow? before, SessionRow now)
    {
        foreach (var (state, type) in Telling)
        {
            var told =
                _told.GetValueOrDefault(now.Id)?.Count(e => e.Type == type && e.Version > (before?.Version ?? 0)) ?? 0;
            var came = now.State == state && before?.State != state ? 1 : 0;
            var isExact = now.Version - (before?.Version ?? 0) <= 1;
            if (isExact ? told != came : told < came)
                throw new AuditException(
                    "E1",
                    $"{now.Id} went from {before?.State} to {now.State}, and {type} was told {told} times"
                );
        }
    }

    public void Arrived(Received received)
    {
        Arrivals++;
        var id = received.Headers.EventId;
        var text = Encoding.UTF8.GetString(received.Body);
        if (!_bodies.TryGetValue(id, out var body))
            throw new AuditException("E5", $"{id} was sent, and was never committed");
        if (text != body)
            throw new AuditException("E4", $"{id} was sent with other bytes than are stored");
        var endpoint = world.Shop.Merchants.SelectMany(m => m.Endpoints).First(e => e.Url == received.Url);
        var signed = Encoding.UTF8.GetBytes($"{received.Headers.Timestamp}.{received.Headers.Nonce}.{text}");
        var mac = HMACSHA256.HashData(Encoding.UTF8.GetBytes(endpoint.Secret), signed);
        if (received.Headers.Signature != Convert.ToHexStringLower(mac))
            throw new AuditException("E4", $"{id} is not signed with the secret of {received.Url}");
        if (!_nonces.Add(received.Headers.Nonce))
            throw new AuditException("E4", $"the nonce of a try of {id} was used before");
        _arrived.Add((received.Url, id));
    }

    public void Reload()
    {
        _last.Clear();
        _versions.Clear();
        _told.Clear();
        foreach (var row in rows.List(EventRow.Sql + " order by sequence", EventRow.Read))
            Remember(row);
    }

    /// <summary>E2, O4: whoever asked for an event got it, or will, or it is said why not.</summary>
    public void CheckSettled()
    {
        var late = world.Agenda.Now - TimeSpan.FromMinutes(2);
        var overdue = rows.One(
            "select kind || ' of ' || subject from jobs where state = 'ready' and due_at_ms < @p0",
            r => r.GetString(0),
            late.UnixMs
        );
        if (overdue is not null)
            throw new AuditException("O4", $"{overdue} has been due for two minutes");
        foreach (var merchant in world.Shop.Merchants)
        foreach (var endpoint in merchant.Endpoints)
            CheckEndpoint(merchant.Store.Store.Id.Value, endpoint);
    }

    private void CheckEndpoint(string store, Workloads.ShopEndpoint endpoint)
    {
        var wanted =
            rows.One("select events from webhook_endpoints where id = @p0", r => r.GetString(0), endpoint.Id) ?? "";
        foreach (
            var (id, type, state, error, job) in rows.List(
                """
                select e.id, e.type, d.state, coalesce(d.last_error, ''),
                    (select count(*) from jobs j where j.subject = d.id and j.state = 'ready')
                from events e left join deliveries d on d.event_id = e.id and d.endpoint_id = @p1
                where e.store_id = @p0
                """,
                r =>
                    (
                        r.GetString(0),
                        r.GetString(1),
                        r.IsDBNull(2) ? "none" : r.GetString(2),
                        r.GetString(3),
                        r.GetInt64(4)
                    ),
                store,
                endpoint.Id
            )
        )
        {
            var isWanted =
                wanted.Contains($",{type},", StringComparison.Ordinal)
                || (wanted.Length == 0 && Core.Events.EventType.All.Any(t => t.Name == type && t.IsDocumented));
            var isTold = state switch
            {
                "delivered" => _arrived.Contains((endpoint.Url, id)),
                "exhausted" => error.Length > 0,
                "pending" => job == 1,
                _ => !isWanted,
            };
            if (!isTold)
                throw new AuditException("E2", $"{id} ({type}) for {endpoint.Url}: {state}, with {job} jobs");
        }
    }

    private bool Remember(EventRow row)
    {
        if (
            _told.TryGetValue(row.Object, out var told)
            && told.Contains((row.Type, row.Version))
            && _bodies.ContainsKey(row.Id)
            && _last.GetValueOrDefault(row.Stream) >= row.Sequence
        )
            return false;
        if (row.Sequence != _last.GetValueOrDefault(row.Stream) + 1)
            throw new AuditException("E3", $"event {row.Sequence} follows {_last.GetValueOrDefault(row.Stream)}");
        if (row.Version < _versions.GetValueOrDefault(row.Object))
            throw new AuditException("E3", $"{row.Id} tells of an older version of {row.Object} than an event before");
        _last[row.Stream] = row.Sequence;
        _versions[row.Object] = row.Version;
        (_told.TryGetValue(row.Object, out var list) ? list : _told[row.Object] = []).Add((row.Type, row.Version));
        _bodies[row.Id] = row.Body;
        return true;
    }

    private sealed record EventRow(
        string Id,
        string Stream,
        long Sequence,
        string Type,
        string Object,
        long Version,
        string Body
    )
    {
        public const string Sql =
            "select id, store_id || mode, sequence, type, object_id, object_version, body from events";

        public static EventRow Read(SqliteDataReader r) =>
            new(
                r.GetString(0),
                r.GetString(1),
                r.GetInt64(2),
                r.GetString(3),
                r.GetString(4),
                r.GetInt64(5),
                r.GetString(6)
            );
    }
}
