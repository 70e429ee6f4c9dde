namespace StablePay.Core.Errors;

/// <summary>
/// Every refusal that the API can answer: its stable code, HTTP status, type (contract section 3) and meaning.
/// An entry here is the only way to make one.
/// </summary>
public sealed record ErrorCode
{
    private static readonly List<ErrorCode> Entries = [];

    private ErrorCode(int status, string type, string code, string meaning)
    {
        (Status, Type, Code, Meaning) = (status, type, code, meaning);
        Entries.Add(this);
    }

    public int Status { get; }
    public string Type { get; }
    public string Code { get; }
    public string Meaning { get; }

    public static IReadOnlyList<ErrorCode> All => Entries;

    public static readonly ErrorCode ParameterMissing = Invalid("parameter_missing", "A required member is absent.");
    public static readonly ErrorCode ParameterInvalid = Invalid(
        "parameter_invalid",
        "A member has a wrong type, form or range."
    );
    public static readonly ErrorCode ParameterUnknown = Invalid(
        "parameter_unknown",
        "The request has a member that this call does not know."
    );
    public static readonly ErrorCode ParametersExclusive = Invalid(
        "parameters_exclusive",
        "Two members exclude each other."
    );
    public static readonly ErrorCode JsonInvalid = Invalid(
        "json_invalid",
        "The body is not strict JSON: syntax, UTF-8, duplicate members, depth or size of a part."
    );
    public static readonly ErrorCode AmountMismatch = Invalid(
        "amount_mismatch",
        "Line items, tax and shipping do not add up to the amount."
    );
    public static readonly ErrorCode AmountTooSmall = Invalid(
        "amount_too_small",
        "The amount is below what can be paid."
    );
    public static readonly ErrorCode AmountTooLarge = Invalid(
        "amount_too_large",
        "The amount is above the store's limit."
    );
    public static readonly ErrorCode CurrencyNotSupported = Invalid(
        "currency_not_supported",
        "The currency is not a ledger currency."
    );
    public static readonly ErrorCode OrderIdDuplicate = Invalid(
        "order_id_duplicate",
        "The order has a session of another amount or currency."
    );
    public static readonly ErrorCode IdempotencyMismatch = Invalid(
        "idempotency_mismatch",
        "The Idempotency-Key was used for another request."
    );
    public static readonly ErrorCode SessionNotCancelable = Invalid(
        "session_not_cancelable",
        "The session is being paid or has ended."
    );

    public static readonly ErrorCode ApiKeyMissing = Authentication(
        "api_key_missing",
        "There is no Authorization header with a key."
    );
    public static readonly ErrorCode ApiKeyInvalid = Authentication(
        "api_key_invalid",
        "The key is unknown or was revoked."
    );
    public static readonly ErrorCode SignatureMissing = Authentication(
        "signature_missing",
        "X-StablePay-Signature is absent."
    );
    public static readonly ErrorCode SignatureInvalid = Authentication(
        "signature_invalid",
        "The signature does not fit timestamp, nonce and body."
    );
    public static readonly ErrorCode TimestampInvalid = Authentication(
        "timestamp_invalid",
        "X-StablePay-Timestamp is absent or not in Unix seconds."
    );
    public static readonly ErrorCode TimestampExpired = Authentication(
        "timestamp_expired",
        "The timestamp is more than 300 seconds away from the server's clock."
    );
    public static readonly ErrorCode NonceInvalid = Authentication(
        "nonce_invalid",
        "X-StablePay-Nonce is absent or not 16 to 64 visible ASCII characters."
    );
    public static readonly ErrorCode NonceReused = Authentication(
        "nonce_reused",
        "The nonce was used before with this key."
    );

    public static readonly ErrorCode StoreNotApproved = Permission(
        "store_not_approved",
        "The store has not been approved for live payments."
    );
    public static readonly ErrorCode StoreDisabled = Permission("store_disabled", "The store is disabled.");
    public static readonly ErrorCode PermissionMissing = Permission(
        "permission_missing",
        "The key lacks the permission for this call."
    );
    public static readonly ErrorCode IpNotAllowed = Permission(
        "ip_not_allowed",
        "The key does not accept calls from this address."
    );

    public static readonly ErrorCode ResourceNotFound = new(
        404,
        "invalid_request_error",
        "resource_not_found",
        "There is no such object, or it is not yours."
    );
    public static readonly ErrorCode MethodNotAllowed = new(
        405,
        "invalid_request_error",
        "method_not_allowed",
        "The path exists, but not with this method."
    );
    public static readonly ErrorCode RequestInProgress = new(
        409,
        "invalid_request_error",
        "request_in_progress",
        "The first request with this Idempotency-Key is still running."
    );
    public static readonly ErrorCode BodyTooLarge = new(
        413,
        "invalid_request_error",
        "body_too_large",
        "The body is larger than 256 KiB."
    );
    public static readonly ErrorCode ContentTypeInvalid = new(
        415,
        "invalid_request_error",
        "content_type_invalid",
        "A POST with a body must be application/json."
    );
    public static readonly ErrorCode RateLimitExceeded = new(
        429,
        "rate_limit_error",
        "rate_limit_exceeded",
        "Too many requests with this key."
    );
    public static readonly ErrorCode InternalError = new(
        500,
        "api_error",
        "internal_error",
        "Something failed on our side; nothing was changed."
    );
    public static readonly ErrorCode RateUnavailable = new(
        503,
        "api_error",
        "rate_unavailable",
        "No exchange rate is fresh and certain enough, and none is guessed."
    );
    public static readonly ErrorCode NetworkUnavailable = new(
        503,
        "api_error",
        "network_unavailable",
        "The network cannot take payments now."
    );
    public static readonly ErrorCode TokenUnavailable = new(
        503,
        "api_error",
        "token_unavailable",
        "New payments cannot choose this coin on this network now."
    );
    public static readonly ErrorCode AddressUncertain = new(
        503,
        "api_error",
        "address_uncertain",
        "An address was made that is not certain to be ours; it was not shown."
    );
    public static readonly ErrorCode StorageUnavailable = new(
        503,
        "api_error",
        "storage_unavailable",
        "The database cannot be written now; nothing was changed."
    );

    private static ErrorCode Invalid(string code, string meaning) => new(400, "invalid_request_error", code, meaning);

    private static ErrorCode Authentication(string code, string meaning) =>
        new(401, "authentication_error", code, meaning);

    private static ErrorCode Permission(string code, string meaning) => new(403, "permission_error", code, meaning);

    public override string ToString() => Code;
}
