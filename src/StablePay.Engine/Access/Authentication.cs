using StablePay.Core.Webhooks;

namespace StablePay.Engine.Access;

/// <summary>
/// The checks of a signed request in the contract's order (section 2): key, address, store, timestamp, form of the
/// nonce, signature. That the nonce is unused is checked by the commit that claims it.
/// </summary>
public static class Authentication
{
    /// <summary>How far a timestamp may be from the server's clock.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromSeconds(300);

    /// <summary>
    /// How long a nonce is remembered: longer than the whole span in which its request would be accepted, with room for
    /// a clock that is set.
    /// </summary>
    public static readonly TimeSpan NonceMemory = TimeSpan.FromSeconds(900);

    private const int NonceLeast = 16;
    private const int NonceMost = 64;
    private const int TimestampMost = 12;

    private const string Scheme = "Bearer ";

    /// <summary>The key inside an Authorization header, or the refusal where there is none.</summary>
    public static Rejection? ReadKey(string? authorization, out ReadOnlySpan<char> key)
    {
        key = default;
        if (string.IsNullOrEmpty(authorization))
            return new Rejection(ErrorCode.ApiKeyMissing, "Send your API key as Authorization: Bearer sk_….");
        if (authorization == SignedRequest.Doubled)
            return new Rejection(ErrorCode.ApiKeyInvalid, "The Authorization header stands twice.");
        if (!authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
            return new Rejection(ErrorCode.ApiKeyMissing, "The Authorization header is not of the form Bearer sk_….");
        key = authorization.AsSpan(Scheme.Length).Trim(' ');
        return null;
    }

    /// <summary>The first rule that the request breaks, or null if it is the key's own.</summary>
    public static Rejection? Check(KnownKey? known, in SignedRequest request, Instant now)
    {
        if (known is null || known.Key.RevokedAt <= now)
            return new Rejection(ErrorCode.ApiKeyInvalid, "This API key is unknown or was revoked.");
        if (!known.Accepts(request.Address))
            return new Rejection(ErrorCode.IpNotAllowed, "This key does not accept calls from this address.");
        return CheckStore(known)
            ?? CheckTimestamp(request.Timestamp, now)
            ?? CheckNonce(request.Nonce)
            ?? CheckSignature(known, request);
    }

    private static Rejection? CheckStore(KnownKey known) =>
        known.Store.Status switch
        {
            StoreStatus.Disabled => new Rejection(ErrorCode.StoreDisabled, "The store of this key is disabled."),
            StoreStatus.Pending when known.Key.Live => new Rejection(
                ErrorCode.StoreNotApproved,
                "The store has not been approved for live payments."
            ),
            StoreStatus.Pending or StoreStatus.Approved => null,
        };

    private static Rejection? CheckTimestamp(string? text, Instant now)
    {
        if (string.IsNullOrEmpty(text))
            return new Rejection(ErrorCode.TimestampInvalid, "X-StablePay-Timestamp is absent.");
        if (
            text.Length > TimestampMost
            || text.AsSpan().ContainsAnyExceptInRange('0', '9')
            || !long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        )
            return new Rejection(ErrorCode.TimestampInvalid, "X-StablePay-Timestamp is in Unix seconds, digits only.");
        if (Math.Abs(seconds - now.UnixSeconds) <= (long)Window.TotalSeconds)
            return null;
        var message = string.Create(
            CultureInfo.InvariantCulture,
            $"X-StablePay-Timestamp is more than 300 seconds from the server's clock, which reads {now.UnixSeconds}."
        );
        return new Rejection(ErrorCode.TimestampExpired, message);
    }

    private static Rejection? CheckNonce(string? nonce) =>
        nonce is { Length: >= NonceLeast and <= NonceMost } && !nonce.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? null
            : new Rejection(ErrorCode.NonceInvalid, "X-StablePay-Nonce has 16 to 64 visible ASCII characters.");

    private static Rejection? CheckSignature(KnownKey known, in SignedRequest request)
    {
        if (string.IsNullOrEmpty(request.Signature))
            return new Rejection(ErrorCode.SignatureMissing, "X-StablePay-Signature is absent.");
        var fits = false;
        // Every secret is tried: how many there are must not show in the time taken.
        foreach (var secret in known.Secrets)
            fits |= Signature.Verify(secret, request.Timestamp!, request.Nonce!, request.Body, request.Signature);
        return fits
            ? null
            : new Rejection(
                ErrorCode.SignatureInvalid,
                "The signature is not the HMAC-SHA256 of timestamp, nonce and body with this key's Secret Key."
            );
    }
}
