namespace StablePay.Chains.Keys;

/// <summary>Why a vault could not be made or opened.</summary>
public enum VaultFault
{
    /// <summary>There is no file at the path.</summary>
    Missing,

    /// <summary>There is a file already; a vault is never overwritten.</summary>
    Exists,

    /// <summary>The file is whole and the passphrase does not open it.</summary>
    WrongPassphrase,

    /// <summary>The file is not what was written: cut, edited or mixed with another one.</summary>
    Damaged,

    /// <summary>The file was written by a newer version.</summary>
    TooNew,

    /// <summary>The passphrase is too short to protect anything.</summary>
    WeakPassphrase,

    /// <summary>The source of randomness is broken.</summary>
    WeakEntropy,
}

/// <summary>A vault could not be made or opened. The message is for the operator and holds no secret.</summary>
public sealed class VaultException(VaultFault fault, string message, Exception? inner = null)
    : Exception(message, inner)
{
    public VaultFault Fault { get; } = fault;
}
