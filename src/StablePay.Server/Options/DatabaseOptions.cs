namespace StablePay.Server.Options;

/// <summary>Where everything is kept.</summary>
public sealed class DatabaseOptions
{
    /// <summary><c>sqlite</c> for one server, <c>postgres</c> for several.</summary>
    [OneOf("sqlite", "postgres")]
    public string Provider { get; set; } = "sqlite";

    /// <summary>The file of SQLite; empty for <c>stablepay.db</c> in the data directory.</summary>
    public string Path { get; set; } = "";

    /// <summary>The connection string of PostgreSQL without its password; rather use the file.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>A file that holds the connection string of PostgreSQL.</summary>
    public string ConnectionStringFile { get; set; } = "";
}
