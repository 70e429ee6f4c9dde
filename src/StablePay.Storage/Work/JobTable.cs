namespace StablePay.Storage;

/// <summary>
/// Table <c>jobs</c>. A claim moves a job's due time to the end of its lease and counts the attempt; whoever holds that
/// attempt may finish it, and a lost lease simply makes the job due again.
/// </summary>
public sealed class JobTable
{
    private const string TooManyAttempts = "too_many_attempts";

    private static readonly InsertInto Into = new(
        "jobs",
        ("id", ValueKind.Text),
        ("kind", ValueKind.Text),
        ("subject", ValueKind.Text),
        ("lane", ValueKind.Text),
        ("state", ValueKind.Text),
        ("due_at_ms", ValueKind.Number),
        ("attempt", ValueKind.Number),
        ("unique_key", ValueKind.Text),
        ("created_at_ms", ValueKind.Number)
    );

    private const int LanesPerStatement = 32;

    private static readonly CommitResult Lost = new CommitResult.Stale("job");
    private readonly Db _db;

    internal JobTable(Db db) => _db = db;

    /// <summary>
    /// The lanes that have due jobs, the longest waiting first; the empty name stands for the jobs without a lane, and
    /// is first. It costs one step in the index for each lane, however much waits there.
    /// </summary>
    public Task<IReadOnlyList<string>> LanesDueAsync(Instant now, CancellationToken ct) =>
        _db.ReadAsync<IReadOnlyList<string>>(
            async link =>
            {
                Sql first = $"select due_at_ms from jobs where {NoLane} and due_at_ms <= {now} limit 1";
                var isDue = (await link.ListAsync(first, row => row.Number(), ct)).Count > 0;
                var lanes = await link.ListAsync(LanesWithDueJobs(now), row => row.Text(), ct);
                return isDue ? ["", .. lanes] : lanes;
            },
            ct
        );

    /// <summary>
    /// Claims due jobs, of each lane no more than its share, the longest due first. Jobs that have had all their
    /// attempts become dead instead.
    /// </summary>
    public Task<IReadOnlyList<Job>> ClaimAsync(
        string owner,
        Instant now,
        IReadOnlyList<LaneShare> shares,
        CancellationToken ct
    ) =>
        _db.WriteAsync<IReadOnlyList<Job>>(
            async link =>
            {
                List<Job> claimed = [];
                foreach (var chunk in shares.Chunk(LanesPerStatement))
                    await TakeAsync(link, DueOf(chunk, now), owner, now, claimed, ct);
                return claimed;
            },
            ct
        );

    /// <summary>
    /// When the next ready job is due, held ones at the end of their lease; null where there is none.
    /// </summary>
    public async Task<Instant?> NextDueAsync(CancellationToken ct)
    {
        var due = await _db.ListAsync(
            $"""
            select min(due_at_ms) from jobs where {NoLane} union all select min(due_at_ms) from jobs where {InLane}
            """,
            row => row.TimeOrNull(),
            ct
        );
        return due.Min();
    }

    public async Task<JobCounts> CountAsync(CancellationToken ct)
    {
        var counts = await _db.ListAsync(
            $"select state, count(*) from jobs group by state",
            row => (State: row.Text(), Count: row.Number()),
            ct
        );
        long Of(string state) => counts.Where(c => c.State == state).Sum(c => c.Count);
        return new JobCounts(Of("ready"), Of("done"), Of("dead"));
    }

    /// <summary>
    /// Removes a bounded batch of jobs that were done before a time; their unique keys are free then.
    /// </summary>
    public async Task<int> PruneDoneAsync(Instant before, CancellationToken ct) =>
        (int)
            await _db.ExecuteAsync(
                $"""
                delete from jobs where id in (
                    select id from jobs where state = 'done' and created_at_ms < {before} and due_at_ms < {before}
                    order by id limit 1000)
                """,
                ct
            );

    /// <summary>
    /// Makes a waiting job due at a time, if that is sooner than it was: a setting has become shorter.
    /// </summary>
    public Task BringForwardAsync(string uniqueKey, Instant dueAt, CancellationToken ct) =>
        _db.ExecuteAsync(
            $"""
            update jobs set due_at_ms = {dueAt}
            where unique_key = {uniqueKey} and state = 'ready' and lease_owner is null and due_at_ms > {dueAt}
            """,
            ct
        );

    internal static Statement Insert(JobDraft draft, JobId id, Instant now) =>
        Into.Row(
            null,
            Value.Of(id.Value),
            Value.Of(draft.Kind.Name),
            Value.Of(draft.Subject),
            Value.Of(draft.Lane),
            Value.Of("ready"),
            Value.Of(draft.DueAt),
            Value.Of(0L),
            Value.Of(draft.UniqueKey),
            Value.Of(now)
        );

    internal static Statement Finish(Job job, JobOutcome outcome)
    {
        Sql change = outcome switch
        {
            JobOutcome.Done => Set($"state = 'done', lease_owner = null, last_error = null"),
            JobOutcome.Again again => Set($"due_at_ms = {again.DueAt}, lease_owner = null, last_error = {again.Error}"),
            JobOutcome.Dead dead => Set($"state = 'dead', lease_owner = null, last_error = {dead.Error}"),
            _ => throw new InvariantBrokenException("an outcome is one of three"),
        };
        return Statement.Of(
            $"""
            update jobs set {change}
            where id = {job.Id} and state = 'ready' and lease_owner = {job.LeaseOwner} and attempt = {(long)job.Attempt}
            """,
            Lost
        );
    }

    /// <summary>
    /// The jobs that end a store's open test sessions are due when its clock, so much ahead, shows the end. An attempt
    /// that is being made may have read the old clock: its lease is taken away, so that it changes nothing.
    /// </summary>
    internal static Statement EndSooner(StoreId store, TimeSpan offset, Instant now)
    {
        var ahead = (long)offset.TotalMilliseconds;
        return Statement.Of(
            $"""
            update jobs set lease_owner = null, due_at_ms = (
                select case when s.expires_at_ms - {ahead} > {now} then s.expires_at_ms - {ahead} else {now} end
                from checkout_sessions s where s.id = jobs.subject)
            where state = 'ready' and lane = '' and kind = {JobKind.ExpireSession.Name} and subject in (
                select id from checkout_sessions
                where store_id = {store} and mode = {Names.Test}
                    and state in ('awaiting', 'underpaid', 'confirming', 'frozen'))
            """,
            null
        );
    }

    /// <summary>The next tries of a store's test webhooks come sooner by so much, at the soonest now.</summary>
    internal static Statement TrySooner(StoreId store, TimeSpan by, Instant now)
    {
        var sooner = (long)by.TotalMilliseconds;
        return Statement.Of(
            $"""
            update jobs set due_at_ms = case
                when due_at_ms - {sooner} > {now} then due_at_ms - {sooner} else {now} end
            where state = 'ready' and lane <> '' and kind = {JobKind.DeliverWebhook.Name} and lease_owner is null
                and due_at_ms > {now} and lane in (
                    select id from webhook_endpoints where store_id = {store} and mode = {Names.Test})
            """,
            null
        );
    }

    // The literals are those of the partial indexes, so that both databases recognise them.
    private static Sql NoLane => $"state = 'ready' and lane = ''";

    private static Sql InLane => $"state = 'ready' and lane <> ''";

    private static Sql LanesWithDueJobs(Instant now) =>
        $"""
            with recursive walk(lane) as (
                select min(lane) from jobs where {InLane}
                union all
                select (select min(j.lane) from jobs j where j.state = 'ready' and j.lane <> '' and j.lane > walk.lane)
                from walk where walk.lane is not null),
            due as (
                select lane, (
                    select min(j.due_at_ms) from jobs j
                    where j.state = 'ready' and j.lane <> '' and j.lane = walk.lane) as at_ms
                from walk where lane is not null)
            select lane from due where at_ms <= {now} order by at_ms, lane
            """;

    private Sql DueOf(Sql which, Instant now, int limit) =>
        $"""
            select id from jobs where {which} and due_at_ms <= {now}
            order by due_at_ms limit {(long)limit} {_db.Dialect.ClaimSuffix}
            """;

    /// <summary>
    /// The due jobs of several lanes; the number of lanes is filled up, so that there are few different texts.
    /// </summary>
    private Sql DueOf(LaneShare[] shares, Instant now)
    {
        var lanes = shares.Where(share => share.Lane.Length > 0).ToList();
        var padded = 1;
        while (padded < lanes.Count)
            padded *= 2;
        while (lanes.Count < padded)
            lanes.Add(new LaneShare("none", 0));
        var none = shares.FirstOrDefault(share => share.Lane.Length == 0).Most;
        Sql all = $"select id from ({DueOf(NoLane, now, none)}) as no_lane";
        foreach (var share in lanes)
        {
            Sql one = $"{InLane} and lane = {share.Lane}";
            all = $"{all} union all select id from ({DueOf(one, now, share.Most)}) as one_lane";
        }
        return all;
    }

    private static async ValueTask TakeAsync(
        Link link,
        Sql due,
        string owner,
        Instant now,
        List<Job> claimed,
        CancellationToken ct
    )
    {
        Sql lease = $"";
        Sql most = $"";
        foreach (var kind in JobKind.All)
        {
            lease = $"{lease} when {kind.Name} then {(long)kind.Lease.TotalMilliseconds}";
            most = $"{most} when {kind.Name} then {(long)kind.MaxAttempts}";
        }
        Sql isSpent = $"attempt >= case kind {most} else 1 end";
        var found = await link.ListAsync(
            $"""
            with due as materialized ({due})
            update jobs set
                state = case when {isSpent} then 'dead' else 'ready' end,
                due_at_ms = {now} + case kind {lease} else 0 end,
                lease_owner = case when {isSpent} then null else {owner} end,
                last_error = case when {isSpent} then {TooManyAttempts} else last_error end,
                attempt = attempt + case when {isSpent} then 0 else 1 end
            where id in (select id from due)
            returning id, kind, subject, lane, attempt, due_at_ms, state
            """,
            row => (Job: ReadJob(row, owner), IsDead: row.Text() == "dead"),
            ct
        );
        claimed.AddRange(found.Where(f => !f.IsDead).Select(f => f.Job));
    }

    private static Job ReadJob(Row row, string owner) =>
        new(row.Id<JobId>(), JobKind.Of(row.Text()), row.Text(), row.Text(), row.Small(), row.Time(), owner);

    private static Sql Set(Sql assignments) => assignments;
}
