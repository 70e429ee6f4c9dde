namespace StablePay.Storage;

/// <summary>
/// The database cannot take or give data now: the disk is full, the connection is lost, or it refused too often. What
/// was asked may or may not have happened only where a commit's own answer was lost; reading tells.
/// </summary>
public sealed class StorageUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The program must not start on this database. The message is a sentence for the operator.</summary>
public sealed class StartupRefusedException(string sentence, Exception? inner = null) : Exception(sentence, inner);
