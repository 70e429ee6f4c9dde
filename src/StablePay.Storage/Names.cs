namespace StablePay.Storage;

/// <summary>
/// The words that stand in the database for states and kinds. The schema's CHECK lists hold the same ones.
/// </summary>
internal static class Names
{
    public const string Live = "live";
    public const string Test = "test";

    public static string Mode(bool live) => live ? Live : Test;

    public static string Of(SessionState state) =>
        state switch
        {
            SessionState.Awaiting => "awaiting",
            SessionState.Underpaid => "underpaid",
            SessionState.Confirming => "confirming",
            SessionState.Frozen => "frozen",
            SessionState.Paid => "paid",
            SessionState.Expired => "expired",
            SessionState.Canceled => "canceled",
            SessionState.Failed => "failed",
        };

    public static string Of(TransferState state) =>
        state switch
        {
            TransferState.Included => "included",
            TransferState.Accepted => "accepted",
            TransferState.Orphaned => "orphaned",
            TransferState.Final => "final",
        };

    public static string Of(TransferClass kind) =>
        kind switch
        {
            TransferClass.Counted => "counted",
            TransferClass.Late => "late",
            TransferClass.Unattributed => "unattributed",
            TransferClass.Dust => "dust",
            TransferClass.Internal => "internal",
        };

    public static string Of(EndpointStatus status) =>
        status switch
        {
            EndpointStatus.Enabled => "enabled",
            EndpointStatus.Disabled => "disabled",
            EndpointStatus.Deleted => "deleted",
        };

    public static string Of(DeliveryState state) =>
        state switch
        {
            DeliveryState.Pending => "pending",
            DeliveryState.Delivered => "delivered",
            DeliveryState.Exhausted => "exhausted",
        };

    public static string Of(StoreStatus status) =>
        status switch
        {
            StoreStatus.Pending => "pending",
            StoreStatus.Approved => "approved",
            StoreStatus.Disabled => "disabled",
        };

    public static string Of(TroubleKind kind) =>
        kind switch
        {
            TroubleKind.Slow => "slow",
            TroubleKind.Outage => "outage",
        };

    public static string Of(Side side) =>
        side switch
        {
            Side.Debit => "debit",
            Side.Credit => "credit",
        };

    public static string Of(DifferenceKind kind) =>
        kind switch
        {
            DifferenceKind.Missing => "missing",
            DifferenceKind.Surplus => "surplus",
            DifferenceKind.Frozen => "frozen",
        };

    public static string Of(ItemState state) =>
        state switch
        {
            ItemState.Suspected => "suspected",
            ItemState.Open => "open",
            ItemState.Closed => "closed",
        };

    /// <summary>The value that this word stands for.</summary>
    public static T Read<T>(string word, Func<T, string> nameOf)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (nameOf(value) == word)
                return value;
        }
        throw new InvariantBrokenException($"the database holds the unknown word {word}");
    }
}
