namespace StablePay.Engine.Reconciling;

/// <summary>An open item as people read it.</summary>
public sealed record OpenItemView(ReconciliationItem Item, string Text);

/// <summary>The newest comparison of one part.</summary>
/// <param name="Subject">A network's id, or <c>ledger</c>.</param>
/// <param name="FinishedAt">Null while it goes on.</param>
/// <param name="Addresses">Compared so far; 0 for the ledger.</param>
/// <param name="Faults">What was wrong in the ledger; 0 for networks, whose differences are items.</param>
public sealed record CycleView(string Subject, Instant StartedAt, Instant? FinishedAt, long Addresses, long Faults);

/// <summary>How the books stand: what is open, and when each part was last compared.</summary>
/// <param name="Open">How many items are open, by network and kind; none where there are none.</param>
public sealed record ReconciliationStatus(
    IReadOnlyDictionary<(NetworkId Network, DifferenceKind Kind), long> Open,
    IReadOnlyList<CycleView> Cycles
)
{
    public static readonly ReconciliationStatus Unknown = new(
        new Dictionary<(NetworkId Network, DifferenceKind Kind), long>(),
        []
    );

    public long OpenCount => Open.Values.Sum();

    /// <summary>What was wrong in the ledger when it was last checked.</summary>
    public long LedgerFaults => Cycles.Sum(c => c.Faults);
}

/// <summary>Everything that is compared, and what came of it.</summary>
/// <param name="networks">Names the networks in sentences; one that is not configured any more has its id.</param>
public sealed class ReconciliationDesk(IReadOnlyList<IAudit> audits, Watching.NetworkBook networks, AuditParts parts)
{
    private volatile ReconciliationStatus _last = ReconciliationStatus.Unknown;

    public IReadOnlyList<string> Subjects => [.. audits.Select(a => a.Subject)];

    /// <summary>As it was when it was last looked up, for figures that cannot wait.</summary>
    public ReconciliationStatus Last => _last;

    /// <summary>
    /// The jobs that compare, one for each subject. The first cycle begins after as long as it is to the next.
    /// </summary>
    public IEnumerable<JobDraft> Jobs(Instant now) =>
        audits.Select(a => new JobDraft(JobKind.Reconcile, a.Subject, now + parts.Every, KeyOf(a.Subject)));

    /// <summary>Looks up the status, and lets a shorter setting take effect. Called at the start.</summary>
    public async Task StartAsync(CancellationToken ct)
    {
        await StatusAsync(ct);
        foreach (var audit in audits)
        {
            var cycle = await parts.Database.Reconciliation.FindCycleAsync(audit.Subject, ct);
            var due = cycle is { FinishedAt: not null } ? parts.NextAfter(cycle) : parts.Clock.Now + parts.Every;
            await parts.Database.Jobs.BringForwardAsync(KeyOf(audit.Subject), due, ct);
        }
    }

    /// <summary>Goes on with a subject's cycle; null if nothing of this name is compared here.</summary>
    public async Task<AuditStep?> StepAsync(string subject, CancellationToken ct)
    {
        if (audits.FirstOrDefault(a => a.Subject == subject) is not { } audit)
            return null;
        var step = await audit.StepAsync(ct);
        await StatusAsync(ct);
        return step;
    }

    public async Task<ReconciliationStatus> StatusAsync(CancellationToken ct)
    {
        var open = await parts.Database.Reconciliation.CountOpenAsync(ct);
        var cycles = await parts.Database.Reconciliation.CyclesAsync(ct);
        return _last = new ReconciliationStatus(
            open.ToDictionary(o => (o.Network, o.Kind), o => o.Count),
            [.. cycles.Select(c => new CycleView(c.Subject, c.StartedAt, c.FinishedAt, c.Compared, c.Faults))]
        );
    }

    /// <summary>The newest open items.</summary>
    /// <param name="limit">At most so many, from 1 on.</param>
    public async Task<IReadOnlyList<OpenItemView>> ListOpenAsync(int limit, CancellationToken ct) =>
        [
            .. (await parts.Database.Reconciliation.ListOpenAsync(limit, ct)).Select(item => new OpenItemView(
                item,
                ItemText.Of(item, networks.Find(item.At.Token.Network)?.Name ?? item.At.Token.Network.Value)
            )),
        ];

    private static string KeyOf(string subject) => $"reconcile:{subject}";
}
