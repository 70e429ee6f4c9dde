namespace StablePay.Core.Jobs;

/// <summary>Durable work to do at a time.</summary>
/// <param name="Subject">The id of what it is about.</param>
/// <param name="DueAt">Not before this.</param>
/// <param name="UniqueKey">A second job with the same key is not made, so that a replayed decision makes one.</param>
/// <param name="Lane">Jobs of a lane share a small number of places in flight; empty for none.</param>
public sealed record JobDraft(JobKind Kind, string Subject, Instant DueAt, string UniqueKey, string Lane = "");

/// <summary>A claimed job: only the holder of this attempt may finish it.</summary>
public sealed record Job(
    JobId Id,
    JobKind Kind,
    string Subject,
    string Lane,
    int Attempt,
    Instant LeaseEndsAt,
    string LeaseOwner
);
