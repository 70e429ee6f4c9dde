using StablePay.Storage;

namespace StablePay.Engine;

/// <summary>How often a use case reads and decides again when what it had read was changed by another.</summary>
internal static class Stale
{
    public const int MostTries = 5;

    /// <summary>So much contention on one object that the caller has to come again.</summary>
    public static StorageUnavailableException KeptChanging(string what) =>
        new($"The {what} kept changing while it was being written.");
}
