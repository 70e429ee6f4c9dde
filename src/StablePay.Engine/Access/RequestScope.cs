using StablePay.Chains.Keys;
using StablePay.Storage;

namespace StablePay.Engine.Access;

/// <summary>
/// What must be written together with a request's effect: that its nonce is used, and the answer that its
/// Idempotency-Key will be given again. A use case puts both into its own commit, so that a crash leaves either the
/// effect with its answer or neither (API-01, API-13).
/// </summary>
public sealed class RequestScope(NonceClaim? nonce, IdempotencyClaim? idempotency)
{
    /// <summary>The nonce that is still to be claimed; null when there is none or a commit has claimed it.</summary>
    public NonceClaim? Nonce { get; private set; } = nonce;

    /// <summary>The running claim of the Idempotency-Key; null when the request has none.</summary>
    public IdempotencyClaim? Idempotency { get; } = idempotency;

    /// <summary>Whether a commit with <see cref="AddTo"/> became durable.</summary>
    public bool IsSpent { get; private set; }

    /// <summary>The refusal of a use case whose commit was <c>Duplicate("nonce")</c>.</summary>
    public static Rejection NonceReused { get; } =
        new(ErrorCode.NonceReused, "This nonce was used before with this key.");

    /// <summary>A scope of a caller that is not a signed request, such as the hosted page: adds nothing.</summary>
    public static RequestScope Empty() => new(null, null);

    /// <summary>
    /// Adds the nonce and the idempotency answer to the commit of the effect. May be called again for another try after
    /// a stale write: the last answer counts. Follow it with <see cref="MarkSpent"/> once the commit is durable.
    /// </summary>
    public void AddTo(Commit commit, int status, byte[] body)
    {
        if (Nonce is not null)
            commit.Spend(Nonce);
        if (Idempotency is not null)
            commit.Complete(Idempotency, status, body);
    }

    /// <summary>
    /// The same for an answer that holds a secret: the caller may never have seen it and must get it again, but it must
    /// not lie in the database as it is.
    /// </summary>
    public void AddSecretTo(Commit commit, int status, byte[] body, SecretBox box) =>
        AddTo(commit, status, Idempotency is null ? body : KeptAnswer.Seal(box, Idempotency, body));

    /// <summary>The commit that <see cref="AddTo"/> was called for is durable.</summary>
    public void MarkSpent() => (IsSpent, Nonce) = (true, null);

    /// <summary>The nonce was claimed by a commit of its own, before the effect.</summary>
    public void MarkNonceSpent() => Nonce = null;

    /// <summary>
    /// The refusal when a commit failed because of what this scope added to it; null when the failure is the use case's
    /// own business.
    /// </summary>
    public static Rejection? RefusalOf(CommitResult result) =>
        result switch
        {
            CommitResult.Duplicate { What: "nonce" } => NonceReused,
            CommitResult.Stale { What: "idempotency" } => new(
                ErrorCode.RequestInProgress,
                "Another request with this Idempotency-Key took over."
            ),
            _ => null,
        };
}
