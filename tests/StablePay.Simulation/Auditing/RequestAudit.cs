using StablePay.Simulation.Workloads;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Auditing;

/// <summary>K1, K2, O1, O2: a request has one effect, what was answered stays, and one process holds a lease.</summary>
internal sealed class RequestAudit(SimWorld world, Rows rows)
{
    /// <summary>A process reads its clock a little before it writes; in between somebody may set it.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(60);

    /// <summary>Two clocks, each wrong by as much as they ever are.</summary>
    private static readonly TimeSpan ClocksDiffer = TimeSpan.FromSeconds(40);

    private readonly Dictionary<string, byte[]> _byKey = [];
    private readonly HashSet<string> _nonces = [];
    private readonly HashSet<string> _acknowledged = [];
    private readonly Dictionary<string, LeaseRow> _leases = [];

    /// <summary>What the clock of the process said that changed a lease in this step.</summary>
    private readonly Dictionary<long, Instant> _takers = [];

    public int Acknowledged => _acknowledged.Count;

    public void Answered(string store, string order, string? key, string nonce, Answered answer)
    {
        if (answer.Status != 200)
            return;
        if (!_nonces.Add(nonce))
            throw new AuditException("K2", $"the nonce of {order} was accepted twice");
        if (key is not null && _byKey.TryGetValue(key, out var before) && !before.AsSpan().SequenceEqual(answer.Body))
            throw new AuditException("K1", $"the same request of {order} was answered with other bytes");
        if (key is not null)
            _byKey[key] = answer.Body;
        var session = System.Text.Json.JsonDocument.Parse(answer.Body).RootElement.GetProperty("id").GetString()!;
        _acknowledged.Add(session);
        CheckOnce(store, order, key is not null);
    }

    /// <summary>
    /// One session for a key, whatever became of it. Without a key the number of an order is free again when its session
    /// has ended, so that a merchant who asks for minutes and hears nothing may get a second one.
    /// </summary>
    private void CheckOnce(string store, string order, bool hasKey)
    {
        var sessions = rows.List(
            """
            select created_at_ms, min(expires_at_ms, coalesce(canceled_at_ms, expires_at_ms)) from checkout_sessions
            where store_id = @p0 and order_id = @p1 order by created_at_ms
            """,
            r => (Created: r.GetInt64(0), Ended: r.GetInt64(1)),
            store,
            order
        );
        for (var i = 1; i < sessions.Count; i++)
            if (hasKey || sessions[i].Created + ClocksDiffer.TotalMilliseconds < sessions[i - 1].Ended)
                throw new AuditException("K1", $"{order} was asked for once and has {sessions.Count} sessions");
    }

    /// <summary>A statement changes a lease. The row cannot be read yet, but whose clock it goes by is known.</summary>
    public void SawLease(RowChange change)
    {
        if (SynchronizationContext.Current is SimThread { Process.Clock: var clock })
            if (clock.SteppedAt is not { } at || world.Agenda.Elapsed - at > Settling)
                _takers[change.Row] = Instant.From(clock.GetUtcNow());
    }

    public void LookAtLease(RowChange change)
    {
        var found = rows.One(
            "select name, term, owner, expires_at_ms from leases where rowid = @p0",
            r => new LeaseRow(r.GetString(0), r.GetInt64(1), r.GetString(2), r.GetInt64(3)),
            change.Row
        );
        _takers.Remove(change.Row, out var taken);
        if (found is null)
            return;
        if (_leases.TryGetValue(found.Name, out var before))
        {
            if (found.Term < before.Term)
                throw new AuditException("O2", $"the lease {found.Name} went back to term {found.Term}");
            var hasChanged = found.Owner != before.Owner && found.Owner.Length > 0 && before.Owner.Length > 0;
            if (hasChanged && taken != default && before.Until > taken.UnixMs)
                throw new AuditException("O2", $"the lease {found.Name} was taken while {before.Owner} held it");
        }
        _leases[found.Name] = found;
    }

    /// <summary>O1: what a merchant was told of is there.</summary>
    public void CheckKept()
    {
        foreach (var session in _acknowledged)
            if (rows.Number("select count(*) from checkout_sessions where id = @p0", session) == 0)
                throw new AuditException("O1", $"{session} was answered to its merchant, and is gone");
    }

    public void Reload()
    {
        _leases.Clear();
        _takers.Clear();
        _acknowledged.RemoveWhere(s => rows.Number("select count(*) from checkout_sessions where id = @p0", s) == 0);
        _byKey.Clear();
    }

    private sealed record LeaseRow(string Name, long Term, string Owner, long Until);
}
