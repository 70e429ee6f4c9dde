using System.Security.Cryptography;
using System.Text;
using StablePay.Chains.Keys;
using StablePay.Storage;

namespace StablePay.Engine.Access;

/// <summary>How a request may begin: run with this scope, or be answered with stored bytes.</summary>
public abstract record RequestStart
{
    private RequestStart() { }

    public sealed record Run(RequestScope Scope) : RequestStart;

    /// <summary>The same request was answered before: its bytes again.</summary>
    public sealed record Replay(int Status, byte[] Body) : RequestStart;

    public sealed record Refused(Rejection Rejection) : RequestStart;
}

/// <summary>
/// Nonces and idempotency keys in the database: shared by all processes and as durable as the effects they guard
/// (API-01, API-13).
/// </summary>
public sealed class RequestClaims(Database database, SecretBox box, IdSource ids, TimeProvider clock)
{
    /// <summary>How long an idempotency key answers with the stored bytes.</summary>
    public static readonly TimeSpan IdempotencyMemory = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a request may run before another with its key may take over from it, as after a crash.
    /// </summary>
    public static readonly TimeSpan RunningLease = TimeSpan.FromSeconds(60);

    /// <summary>
    /// Begins a request. Without an idempotency key nothing is written yet: the nonce rides in the effect's commit.
    /// With one, nonce and claim are written first, in one commit, so that of a hundred equal requests one runs.
    /// </summary>
    public async Task<RequestStart> BeginAsync(
        KnownKey known,
        string nonce,
        (string Key, string Hash)? idempotency,
        CancellationToken ct
    )
    {
        var now = clock.Now;
        var spend = new NonceClaim(known.Key.Key, nonce, now + Authentication.NonceMemory);
        if (idempotency is not { } wanted)
            return new RequestStart.Run(new RequestScope(spend, null));
        var claim = new IdempotencyClaim(
            $"{known.Store.Id}:{(known.Key.Live ? "live" : "test")}",
            wanted.Key,
            wanted.Hash,
            ids.Next("run_", now),
            now + RunningLease,
            now + IdempotencyMemory
        );
        return await database.Commits.RunAsync(new Commit().Spend(spend).Claim(claim), ct) switch
        {
            CommitResult.Done => RunClaimed(claim),
            CommitResult.Duplicate { What: "idempotency" } => await MeetAsync(spend, claim, ct),
            CommitResult.Duplicate => new RequestStart.Refused(RequestScope.NonceReused),
            var other => throw new InvariantBrokenException($"a claim of a request was refused: {other}"),
        };
    }

    /// <summary>
    /// Writes what a use case did not: the claim of the nonce and the answer of the idempotency key. Returns the
    /// refusal
    /// that takes the answer's place, or null.
    /// </summary>
    public async Task<Rejection?> FinishAsync(RequestScope scope, int status, byte[] body, CancellationToken ct)
    {
        if (scope.IsSpent || (scope.Nonce is null && scope.Idempotency is null))
            return null;
        var commit = new Commit();
        scope.AddTo(commit, status, body);
        var result = await database.Commits.RunAsync(commit, ct);
        if (result.IsDone)
            scope.MarkSpent();
        return RequestScope.RefusalOf(result);
    }

    /// <summary>Claims the nonce alone, before an effect that has no commit of its own to carry it.</summary>
    public async Task<Rejection?> SpendNonceAsync(RequestScope scope, CancellationToken ct)
    {
        if (scope.Nonce is not { } nonce)
            return null;
        var result = await database.Commits.RunAsync(new Commit().Spend(nonce), ct);
        if (result.IsDone)
            scope.MarkNonceSpent();
        return RequestScope.RefusalOf(result);
    }

    /// <summary>
    /// Ends a request that failed on our side: its nonce is used, but its idempotency key keeps no answer.
    /// </summary>
    public async Task<Rejection?> AbandonAsync(RequestScope scope, CancellationToken ct)
    {
        if (scope.Idempotency is { } claim)
            await database.Idempotency.ReleaseAsync(claim, ct);
        return await SpendNonceAsync(scope, ct);
    }

    /// <summary>
    /// The hash that tells whether two requests with one key are the same: method, path and raw body.
    /// </summary>
    public static string HashOf(string method, string path, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{method}\n{path}\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static RequestStart.Run RunClaimed(IdempotencyClaim claim) => new(new RequestScope(null, claim));

    /// <summary>Somebody has the key already: the same request done or running, or another request.</summary>
    private async Task<RequestStart> MeetAsync(NonceClaim spend, IdempotencyClaim claim, CancellationToken ct)
    {
        // The claim's commit failed as a whole, so the nonce is not spent yet; a replay must not be replayable.
        if (RequestScope.RefusalOf(await database.Commits.RunAsync(new Commit().Spend(spend), ct)) is { } reused)
            return new RequestStart.Refused(reused);
        var record = await database.Idempotency.FindAsync(claim.KeyId, claim.Key, ct);
        if (record is not null && record.RequestHash != claim.RequestHash)
            return new RequestStart.Refused(
                new Rejection(ErrorCode.IdempotencyMismatch, "This Idempotency-Key was used for another request.")
            );
        if (record is { IsDone: true })
            return new RequestStart.Replay(record.Status, KeptAnswer.Open(box, claim, record.Body));
        // A run that died leaves its claim behind; when its time is over the next request with the key goes on.
        return record is not null && await database.Idempotency.TakeOverAsync(claim, clock.Now, ct)
            ? RunClaimed(claim)
            : new RequestStart.Refused(
                new Rejection(
                    ErrorCode.RequestInProgress,
                    "The first request with this Idempotency-Key is still running."
                )
            );
    }
}
