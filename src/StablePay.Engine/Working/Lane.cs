namespace StablePay.Engine.Working;

/// <summary>How many jobs may be in flight.</summary>
/// <param name="Places">In all.</param>
/// <param name="UnprovenPlaces">
/// Of lanes that have not answered fast lately: the rest stays free for those that do.
/// </param>
/// <param name="PerLane">In one lane that answers fast.</param>
/// <param name="WithoutLane">Of the jobs that belong to no lane, together.</param>
/// <param name="Claim">How many due jobs one step claims.</param>
public sealed record RunnerLimits(int Places, int UnprovenPlaces, int PerLane, int WithoutLane, int Claim)
{
    public static readonly RunnerLimits Default = new(2_048, 1_536, 32, 64, 512);

    /// <summary>A success within this time lets a lane have twice as many in flight.</summary>
    public TimeSpan Fast { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>An attempt that takes this long puts a lane back to one in flight.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Without hints a step is due at least this often.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>
/// The jobs of one receiver. A lane begins with one place, doubles with every fast success and falls back to one when
/// it is slow, so that a receiver that hangs holds one place and a healthy one gets what it can take (WH-07).
/// </summary>
internal sealed class Lane(string name, RunnerLimits limits)
{
    /// <summary>Claimed jobs kept ready for each place, so that one claim serves many attempts.</summary>
    private const int ClaimedPerPlace = 4;

    private readonly Queue<Job> _held = new();

    public string Name => name;

    /// <summary>How many may be in flight now.</summary>
    public int Limit { get; private set; } = name.Length == 0 ? limits.WithoutLane : 1;

    public int InFlight { get; private set; }

    public int Held => _held.Count;

    /// <summary>Whether the last look may have left due jobs of this lane behind.</summary>
    public bool HasMore { get; set; }

    public bool IsProven => Limit > 1;

    public bool IsIdle => InFlight == 0 && _held.Count == 0;

    /// <summary>How many more may be claimed.</summary>
    public int Room => Most - InFlight - _held.Count;

    /// <summary>Whether so many have gone that another look is worth its cost.</summary>
    public bool WantsMore => HasMore && Room >= Math.Max(1, Most / 2);

    private int Most => IsProven ? Limit * ClaimedPerPlace : 1;

    public void Hold(Job job) => _held.Enqueue(job);

    /// <summary>
    /// Takes the next job that still has enough of its lease, if there is a place; the others are due again by
    /// themselves.
    /// </summary>
    public Job? Start(Instant now)
    {
        while (InFlight < Limit && _held.TryDequeue(out var job))
        {
            if (job.LeaseEndsAt - now < job.Kind.Lease * 0.6)
                continue;
            InFlight++;
            return job;
        }
        return null;
    }

    /// <summary>One attempt has ended.</summary>
    public void Finish(TimeSpan took, bool succeeded)
    {
        InFlight--;
        if (name.Length == 0)
            return;
        if (took >= limits.Slow)
        {
            // What is held would wait behind the next slow attempt: it is due again when its lease ends.
            Limit = 1;
            HasMore |= _held.Count > 0;
            _held.Clear();
        }
        else if (took > limits.Fast)
        {
            Limit = Math.Max(1, Limit / 2);
        }
        else if (succeeded)
        {
            Limit = Math.Min(limits.PerLane, Limit * 2);
        }
    }
}
