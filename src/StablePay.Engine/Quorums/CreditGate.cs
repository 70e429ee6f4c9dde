using StablePay.Engine.Watching;

namespace StablePay.Engine.Quorums;

/// <summary>
/// Holds back, transfer by transfer, what enough nodes have not agreed on yet: the block is final and the watcher goes
/// on, the transfer stays uncredited, and its session stays where it is. Nothing else waits for it.
/// </summary>
internal sealed class CreditGate(
    Network network,
    Quorum quorum,
    AddressBook addresses,
    NetworkBook networks,
    WatcherParts parts
)
{
    /// <summary>A second node is often seconds behind the first; an operator hears of it when it is more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Dictionary<TransferId, Held> _held = [];
    private readonly HashSet<TransferId> _denied = [];
    private bool _looked;
    private string? _told;

    private sealed record Held(Instant Since, Instant AskedAt, QuorumAnswer Answer);

    /// <summary>Whether something is held, or may be since before the start, that is to be asked about again.</summary>
    public bool IsDue => !_looked || _held.Values.Any(h => parts.Clock.Now - h.AskedAt >= Quorum.AskAgain);

    /// <summary>What is to become of the transfers in final blocks, up to a height.</summary>
    public async Task<CreditVerdict> JudgeAsync(long finalHeight, CancellationToken ct)
    {
        var now = parts.Clock.Now;
        var candidates = await CandidatesAsync(finalHeight, ct);
        foreach (var gone in _held.Keys.Except(candidates.Select(t => t.Id)).ToList())
            _held.Remove(gone);
        _denied.IntersectWith(_held.Keys);
        var due = candidates.Where(t =>
            !_held.TryGetValue(t.Id, out var held) || now - held.AskedAt >= Quorum.AskAgain
        );
        foreach (var block in due.GroupBy(t => t.Block).ToList())
        foreach (var (transfer, answer) in await quorum.AskAsync([.. block], addresses.Filter, ct))
            Hear(transfer.Id, answer, now);
        _looked = true;
        Tell(now);
        return new CreditVerdict(_held.Keys.ToHashSet(), _denied.ToHashSet());
    }

    private void Hear(TransferId id, QuorumAnswer answer, Instant now)
    {
        // A node that has a block before it has all that is in it may deny once; nobody does so again later.
        var deniedBefore = _held.TryGetValue(id, out var last) && last.Answer is QuorumAnswer.Denied;
        if (answer is QuorumAnswer.Denied && deniedBefore)
            _denied.Add(id);
        else
            _denied.Remove(id);
        if (answer is QuorumAnswer.Agreed)
            _held.Remove(id);
        else
            _held[id] = new Held(last?.Since ?? now, now, answer);
    }

    private async Task<List<Transfer>> CandidatesAsync(long finalHeight, CancellationToken ct)
    {
        var found = new List<Transfer>();
        if (!quorum.HasSeveral)
            return found;
        foreach (var transfer in await parts.Database.Transfers.ListOpenUpToAsync(network.Id, finalHeight, ct))
        {
            var session = await parts.Database.Sessions.FindAsync(transfer.Session, ct);
            if (quorum.IsNeeded(transfer.Amount, session))
                found.Add(transfer);
        }
        return found;
    }

    private void Tell(Instant now)
    {
        networks.ReportHeld(network.Id, _held.Count - _denied.Count);
        var sentences = _held.Values.Select(held =>
            held.Answer switch
            {
                QuorumAnswer.Disputed disputed => disputed.Why,
                QuorumAnswer.Waiting waiting when now - held.Since >= Patience => waiting.Why,
                _ => null,
            }
        );
        var why = sentences.FirstOrDefault(s => s is not null);
        if (why is not null && why != _told)
            parts.Alert($"{network.Name}: {why}");
        _told = why;
    }
}

/// <summary>What is to become of transfers in final blocks; those that are in neither set are credited.</summary>
/// <param name="Held">Nobody may credit them yet.</param>
/// <param name="Denied">Some of those: every node says that they are not there, so they never were.</param>
public sealed record CreditVerdict(IReadOnlySet<TransferId> Held, IReadOnlySet<TransferId> Denied);
