using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace StablePay.Engine.Telemetry;

/// <summary>
/// How long a payment takes to be seen: from the look at the node before the one that had its block, which is when the
/// block can have become visible at the earliest, to its row in the database, and on to an open page.
/// </summary>
public sealed class Detections(Meter meter, TimeProvider clock)
{
    public const string Name = "stablepay.detection.duration";
    public const string StageTag = "stage";
    public const string FamilyTag = "family";
    public const string Stored = "stored";
    public const string Shown = "shown";

    /// <summary>Payments whose page has not been told yet; a page that nobody has open tells of none.</summary>
    private const int MostWaiting = 10_000;

    private readonly ConcurrentDictionary<SessionId, Waiting> _waiting = [];

    private readonly Histogram<double> _seconds = meter.CreateHistogram(
        Name,
        "s",
        "From the block's first chance to be seen at the node.",
        tags: null,
        new InstrumentAdvice<double>
        {
            HistogramBucketBoundaries = [0.05, 0.1, 0.2, 0.3, 0.5, 0.75, 1, 1.5, 2, 3, 5, 10, 30, 60, 300],
        }
    );

    private readonly record struct Waiting(ChainFamily Family, long VisibleAt);

    /// <summary>Transfers of a new block were committed.</summary>
    /// <param name="visibleAt">A timestamp of the clock.</param>
    public void RecordStored(ChainFamily family, IEnumerable<SessionId> sessions, long visibleAt)
    {
        foreach (var session in sessions)
        {
            Record(family, Stored, visibleAt);
            if (_waiting.Count >= MostWaiting)
                _waiting.Clear();
            _waiting[session] = new Waiting(family, visibleAt);
        }
    }

    /// <summary>A session's page was told of its new state.</summary>
    public void RecordShown(SessionId session)
    {
        if (_waiting.TryRemove(session, out var waiting))
            Record(waiting.Family, Shown, waiting.VisibleAt);
    }

    /// <summary>Nobody waits for this session's page any more, or has only now begun to.</summary>
    public void Forget(SessionId session) => _waiting.TryRemove(session, out _);

    private void Record(ChainFamily family, string stage, long visibleAt) =>
        _seconds.Record(
            clock.GetElapsedTime(visibleAt).TotalSeconds,
            Metrics.Tag(FamilyTag, family.ToString().ToLowerInvariant()),
            Metrics.Tag(StageTag, stage)
        );
}
