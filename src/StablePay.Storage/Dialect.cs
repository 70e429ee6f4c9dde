namespace StablePay.Storage;

/// <summary>What an exception of the database means for whoever asked.</summary>
internal enum Fault
{
    /// <summary>Not about the database's state: a bug of ours, or a value that a CHECK refuses.</summary>
    Other,

    /// <summary>A unique fact exists already.</summary>
    Unique,

    /// <summary>The same again may well succeed: busy, serialization, deadlock, connection lost.</summary>
    Transient,

    /// <summary>Disk full, read-only, damaged: trying again at once is no use.</summary>
    Unavailable,
}

/// <summary>
/// Everything in which the two databases differ for us; all other SQL is one text. The seventh difference, how a
/// connection is set up, stands where connections are opened.
/// </summary>
internal abstract class Dialect
{
    /// <summary>
    /// (1) Makes a claim skip the rows that another claim holds. Without it PostgreSQL hands out jobs twice.
    /// </summary>
    public abstract Sql ClaimSuffix { get; }

    /// <summary>
    /// (2) and (3), and (4) the statement that lets one migration run at a time; empty where begin does it.
    /// </summary>
    public abstract string Identity { get; }

    public abstract string Bytes { get; }

    public abstract string MigrationLock { get; }

    /// <summary>(5) and (6) What an exception means.</summary>
    public abstract Fault Classify(Exception exception);

    /// <summary>The one schema text with this database's words.</summary>
    public string Fill(string schema) =>
        schema
            .Replace("{identity}", Identity, StringComparison.Ordinal)
            .Replace("{bytes}", Bytes, StringComparison.Ordinal);
}
