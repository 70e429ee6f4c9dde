using System.Numerics;
using System.Text.Json;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Auditing;

/// <summary>S1 to S6, T5: sessions move as the table says, end for good, and are paid when and only when money came.</summary>
internal sealed class SessionAudit(SimWorld world, Rows rows)
{
    /// <summary>The most by which a process's clock is ever wrong here.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, string[]> Moves = new()
    {
        ["awaiting"] = ["underpaid", "confirming", "paid", "expired", "canceled", "failed"],
        ["underpaid"] = ["awaiting", "confirming", "paid", "expired", "failed"],
        ["confirming"] = ["awaiting", "underpaid", "paid"],
        ["paid"] = ["awaiting", "underpaid", "confirming"],
        ["expired"] = [],
        ["canceled"] = [],
        ["failed"] = [],
    };

    private readonly Dictionary<string, SessionRow> _known = [];
    private readonly HashSet<string> _touched = [];
    private readonly CoinPrices _coins = new(world);

    public SessionRow? Find(string id) => rows.One(SessionRow.Sql + " id = @p0", SessionRow.Read, id);

    /// <summary>Something of this session changed; its sums are compared at the end of the step.</summary>
    public void Touch(string session) => _touched.Add(session);

    public void Look(RowChange change)
    {
        if (change.Action == RowAction.Delete)
            throw new AuditException("S2", "a session was deleted");
        var found = rows.One(SessionRow.Sql + " rowid = @p0", SessionRow.Read, change.Row);
        if (found is not null)
            Touch(found.Id);
    }

    /// <summary>Everything that the step touched, with its transfers as they are now.</summary>
    public void Settle(EventAudit events)
    {
        foreach (var id in _touched)
        {
            if (Find(id) is not { } now)
                continue;
            if (_known.TryGetValue(id, out var before))
                CheckMove(before, now);
            else
                CheckQuote(now);
            CheckSums(now);
            events.CheckTold(before, now);
            _known[id] = now;
        }
        _touched.Clear();
    }

    public void Reload()
    {
        _known.Clear();
        _touched.Clear();
        foreach (var session in rows.List(SessionRow.Sql + " true", SessionRow.Read))
            _known[session.Id] = session;
    }

    /// <summary>S6, and S3 against the true chains.</summary>
    public void CheckSettled()
    {
        var grace = TimeSpan.FromMinutes(3);
        foreach (var session in rows.List(SessionRow.Sql + " true", SessionRow.Read))
        {
            var isOver = new Instant(session.ExpiresAt) + grace < world.Agenda.Now;
            if (isOver && !session.IsTerminal)
                throw new AuditException("S6", $"{session.Id} is {session.State} long after its end");
            var inTime = world.Auditor.Transfers.TrueWorthInTime(session);
            if (inTime >= session.Required && session.State != "paid" && !session.IsCanceled && !WasHidden(session))
                throw new AuditException(
                    "S3",
                    $"{session.Id} was paid in time, and is {session.State}: {TransfersOf(session)}"
                );
            if (session.State == "paid" && inTime < session.Required)
                throw new AuditException(
                    "S3",
                    $"{session.Id} is paid, but only {inTime} of {session.Required} came in time"
                );
        }
    }

    private void CheckMove(SessionRow before, SessionRow now)
    {
        if (before.Fixed != now.Fixed)
            throw new AuditException("S4", $"what never changes of {now.Id} changed");
        if (now.Choices != before.Choices && !ChoicesOf(before).IsSubsetOf(ChoicesOf(now)))
            throw new AuditException("S4", $"a choice of {now.Id} is gone");
        if (now.Version < before.Version || (now.Version == before.Version && now != before))
            throw new AuditException("S1", $"{now.Id} changed without a new version");
        if (before.State == now.State)
            return;
        if (!IsReachable(before.State, now.State, now.Version - before.Version))
            throw new AuditException(
                "S1",
                $"{now.Id} went from {before.State} to {now.State} in {now.Version - before.Version} moves"
            );
        if (before.State == "paid" && before.Final >= before.Required)
            throw new AuditException("S2", $"{now.Id} was paid with final money, and is {now.State}");
        if (now.State is "expired" or "failed" && !now.IsCanceled)
            CheckEnd(now);
    }

    private void CheckEnd(SessionRow now)
    {
        var end = new Instant(now.ExpiresAt);
        if (world.Agenda.Now + MostSkew < end)
            throw new AuditException("S5", $"{now.Id} ended before its time");
        foreach (
            var network in rows.List(
                "select network from deposit_addresses where session_id = @p0",
                r => r.GetString(0),
                now.Id
            )
        )
        {
            var id = new NetworkId(network);
            var seen = world
                .Actors.Where(p => p.Engine is not null)
                .Select(p => p.Engine!.Networks.WatchedUntil(id))
                .Max();
            if (seen is null || seen <= end)
                throw new AuditException("S5", $"{now.Id} ended while {network} had been read up to {seen} only");
        }
    }

    private void CheckSums(SessionRow now)
    {
        var transfers = rows.List(TransferRow.Sql + " session_id = @p0", TransferRow.Read, now.Id);
        BigInteger Sum(string @class, params string[] states) =>
            transfers
                .Where(t => t.Class == @class && states.Contains(t.State))
                .Aggregate(BigInteger.Zero, (sum, t) => sum + now.WorthOf(t.Atoms, t.Decimals, t.Coin));
        var (included, accepted, final) = (
            Sum("counted", "included", "accepted", "final"),
            Sum("counted", "accepted", "final"),
            Sum("counted", "final")
        );
        if (
            now.Included != included
            || now.Accepted != accepted
            || now.Final != final
            || now.Late != Sum("late", "final")
        )
            throw new AuditException("T5", $"the sums of {now.Id} are not those of its transfers");
        if (now.Unattributed != transfers.Count(t => t.Class == "unattributed" && t.State != "orphaned"))
            throw new AuditException("T5", $"{now.Id} counts its unattributed transfers wrongly");
        if (transfers.Any(t => t.Store != now.Store))
            throw new AuditException("X1", $"a transfer of {now.Id} belongs to another store");
        if (now.State == "paid" && accepted < now.Required)
            throw new AuditException("S3", $"{now.Id} is paid with {accepted} of {now.Required}");
        if (!now.IsTerminal && accepted >= now.Required)
            throw new AuditException("S3", $"{now.Id} has all its money and is {now.State}");
    }

    /// <summary>
    /// F1: a locked rate lies between what two sources told at one time, both fresh and near to each other; the amount
    /// due is rounded up from it.
    /// </summary>
    private void CheckQuote(SessionRow now)
    {
        var (currency, minor, rate, lockedAt) = now.Quote;
        var scale = BigInteger.Pow(10, 12);
        var digits = BigInteger.Pow(10, Currency.Find(currency)!.MinorUnits);
        var cents = minor * rate * 100;
        var due = (cents + (digits * scale) - 1) / (digits * scale);
        if (due != now.DueCents)
            throw new AuditException("F1", $"{now.Id} asks for {now.DueCents} cents where {due} are right");
        _coins.Check(now);
        if (currency == "USD")
            return;
        var price = (decimal)rate / 1_000_000_000_000m;
        // A mean of two is rounded to the last digit.
        var digit = 0.000_000_000_001m;
        var times = world
            .Rates.Told.Where(t =>
                t.Currency == currency
                && t.At.UnixMs <= lockedAt + MostSkew.TotalMilliseconds
                && t.At - t.AsOf < TimeSpan.FromHours(27)
                && Math.Abs(t.Price - price) < price * 0.02m
            )
            .GroupBy(t => t.At);
        var isTold = times.Any(told =>
            told.Select(t => t.Source).Distinct().Count() >= 2
            && told.Min(t => t.Price) <= price + digit
            && told.Max(t => t.Price) >= price - digit
        );
        if (!isTold)
            throw new AuditException("F1", $"{now.Id} was priced at a rate that no two sources told");
    }

    /// <summary>
    /// Whether a node hid money of a session that nothing in the block speaks of. It is found when the block is read
    /// once more; if the session's end was in between, it is told as late.
    /// </summary>
    private bool WasHidden(SessionRow session) =>
        rows.List(
                "select block_hash from transfers where session_id = @p0 and class = 'late' and state = 'final'",
                r => r.GetString(0),
                session.Id
            )
            .Exists(block => world.Networks.Any(n => n.Nodes.Any(node => node.HasHidden(block))));

    /// <summary>For the report.</summary>
    private string TransfersOf(SessionRow session) =>
        string.Create(CultureInfo.InvariantCulture, $"its end is {session.ExpiresAt}")
        + string.Concat(
            rows.List(
                """
                select ', ' || class || ' ' || state || ' of ' || atoms || ' in block ' || block_height || ' of '
                    || network || ' at ' || block_time_ms || ', seen at ' || seen_at_ms
                from transfers where session_id = @p0 order by seen_at_ms
                """,
                r => r.GetString(0),
                session.Id
            )
        );

    private static HashSet<string> ChoicesOf(SessionRow session)
    {
        using var choices = JsonDocument.Parse(session.Choices);
        return [.. choices.RootElement.EnumerateArray().Select(c => c.GetRawText())];
    }

    private static bool IsReachable(string from, string to, long moves)
    {
        var reached = new HashSet<string> { from };
        for (var i = 0; i < Math.Min(moves, 6); i++)
            reached.UnionWith(reached.ToList().SelectMany(s => Moves[s]));
        return moves > 0 && reached.Contains(to);
    }
}
