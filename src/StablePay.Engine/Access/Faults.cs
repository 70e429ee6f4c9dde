using StablePay.Storage;

namespace StablePay.Engine.Access;

/// <summary>Which operating errors the API answers with a code of their own.</summary>
public static class Faults
{
    /// <summary>The refusal that tells the caller of this failure, or null if it is a fault of ours.</summary>
    public static Rejection? RejectionOf(Exception failure) =>
        failure switch
        {
            StorageUnavailableException => new Rejection(
                ErrorCode.StorageUnavailable,
                "The database cannot be written now; nothing was changed."
            ),
            _ => null,
        };
}
