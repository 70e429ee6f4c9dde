using StablePay.Simulation.Workloads;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Auditing;

/// <summary>K1, K2, O1, O2: a request has one effect, what was answered stays, and one process holds a lease.</summary>
internal sealed class RequestAudit(Rows rows)
{
    private readonly Dictionary<string, byte[]> _byKey = [];
    private readonly HashSet<string> _nonces = [];
    private readonly HashSet<string> _acknowledged = [];
    private readonly Dictionary<string, long> _terms = [];

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
        var sessions = rows.Number(
            "select count(*) from checkout_sessions where store_id = @p0 and order_id = @p1",
            store,
            order
        );
        if (sessions > 1)
            throw new AuditException("K1", $"{order} was asked for once and has {sessions} sessions");
    }

    public void LookAtLease(RowChange change)
    {
        var found = rows.One(
            "select name, term from leases where rowid = @p0",
            r => (r.GetString(0), r.GetInt64(1)).ToTuple(),
            change.Row
        );
        if (found is not ({ } name, var term))
            return;
        if (term < _terms.GetValueOrDefault(name))
            throw new AuditException("O2", $"the lease {name} went back to term {term}");
        _terms[name] = term;
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
        _terms.Clear();
        _acknowledged.RemoveWhere(s => rows.Number("select count(*) from checkout_sessions where id = @p0", s) == 0);
        _byKey.Clear();
    }
}
