namespace StablePay.Core.Access;

/// <summary>The party that is owed money. Owns stores.</summary>
public sealed record Merchant(MerchantId Id, string Name, Instant CreatedAt);

public enum StoreStatus
{
    /// <summary>May use test mode only.</summary>
    Pending,
    Approved,
    Disabled,
}

/// <summary>A sales channel of a merchant; owns settings and keys.</summary>
/// <param name="SessionLifetime">How long a session stays open unless the request says otherwise; 5 minutes to a day.</param>
/// <param name="ToleranceBasisPoints">How much less still counts as paid; hundredths of a percent, 0 to 1,000.</param>
public sealed record Store(
    StoreId Id,
    MerchantId Merchant,
    string Name,
    StoreStatus Status,
    TimeSpan SessionLifetime,
    int ToleranceBasisPoints,
    Instant CreatedAt
);

/// <summary>What a key may do. A key holds a set of these.</summary>
[Flags]
public enum Permissions
{
    None = 0,
    SessionsRead = 1,
    SessionsWrite = 2,
    EventsRead = 4,
    WebhooksRead = 8,
    WebhooksWrite = 16,
    SettingsWrite = 32,
    All = SessionsRead | SessionsWrite | EventsRead | WebhooksRead | WebhooksWrite | SettingsWrite,
}

/// <summary>
/// A secret key's public half with its sealed Secret Keys. Two may be valid at once while rotating (contract section
/// 2).
/// </summary>
/// <param name="Key">The whole API key, <c>sk_live_…</c> or <c>sk_test_…</c>.</param>
/// <param name="SealedSecrets">The Secret Keys, newest first, each sealed by the instance's data key.</param>
/// <param name="AllowedAddresses">Addresses or CIDR ranges that may call; empty for any.</param>
public sealed record ApiKey(
    string Key,
    StoreId Store,
    bool Live,
    Permissions Permissions,
    IReadOnlyList<string> SealedSecrets,
    IReadOnlyList<string> AllowedAddresses,
    Instant CreatedAt,
    Instant? RevokedAt
)
{
    public const string LivePrefix = "sk_live_";
    public const string TestPrefix = "sk_test_";

    /// <summary>Never the key: it would end in a log.</summary>
    public override string ToString() => $"{(Live ? LivePrefix : TestPrefix)}*** of {Store}";
}
