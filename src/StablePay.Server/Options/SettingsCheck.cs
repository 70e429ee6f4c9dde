using System.Net;
using StablePay.Engine.Rates.Pegs;
using StablePay.Server.Commands;

namespace StablePay.Server.Options;

/// <summary>Turns options into <see cref="Settings"/>, or into the list of all their mistakes.</summary>
internal static class SettingsCheck
{
    private const string EnvironmentPrefix = "STABLEPAY_";

    /// <summary>
    /// Reads the settings file, then the environment, then the command line: the later one wins.
    /// </summary>
    public static (Settings? Settings, IReadOnlyList<string> Mistakes) Read(CommandLine line)
    {
        var mistakes = new List<string>(line.Mistakes);
        var builder = new ConfigurationBuilder();
        if (line.File is { } file)
        {
            if (File.Exists(file))
                builder.AddJsonFile(Path.GetFullPath(file), optional: false, reloadOnChange: false);
            else
                mistakes.Add($"The settings file {file} does not exist.");
        }
        builder.AddInMemoryCollection(FromEnvironment());
        builder.AddInMemoryCollection(
            line.Settings.Where(s => s.Key != CommandLine.SettingsFile)
                .GroupBy(s => s.Key, StringComparer.OrdinalIgnoreCase)
                .Select(same => same.Last())
        );
        return Read(builder, mistakes);
    }

    /// <summary>
    /// Every setting has a section; other variables with our prefix are for the tools around the program.
    /// </summary>
    private static IEnumerable<KeyValuePair<string, string?>> FromEnvironment() =>
        new ConfigurationBuilder()
            .AddEnvironmentVariables(EnvironmentPrefix)
            .Build()
            .AsEnumerable()
            .Where(setting => setting.Value is not null && setting.Key.Contains(':', StringComparison.Ordinal));

    private static (Settings? Settings, IReadOnlyList<string> Mistakes) Read(
        ConfigurationBuilder builder,
        List<string> mistakes
    )
    {
        var options = new StablePayOptions();
        try
        {
            mistakes.AddRange(SettingsReader.Fill(options, builder.Build()));
        }
        catch (InvalidDataException e)
        {
            mistakes.Add($"{e.Message} {e.InnerException?.Message}".Trim());
        }
        var settings = Check(options, mistakes);
        return mistakes.Count == 0 ? (settings, mistakes) : (null, mistakes);
    }

    private static Settings Check(StablePayOptions options, List<string> mistakes)
    {
        var data = Path.GetFullPath(options.Server.Data);
        var (keys, server) = (options.Keys, options.Server);
        var settings = new Settings
        {
            Options = options,
            PublicUrl = PublicUrlOf(server, mistakes),
            Listen = ListenOf(server, mistakes),
            TrustedProxies = ProxiesOf(server, mistakes),
            Data = data,
            Connection = ConnectionOf(options.Database, data, mistakes),
            Peg = PegOf(options.Rates.Peg, mistakes),
            VaultPath = keys.VaultPath.Length > 0 ? Path.GetFullPath(keys.VaultPath) : Path.Combine(data, "vault.json"),
            Passphrase = SecretFrom("Keys:PassphraseFile", keys.PassphraseFile, mistakes),
            Networks =
            [
                .. options
                    .Networks.Select(network => NetworkCheck.Read(network.Key, network.Value, mistakes))
                    .OfType<NetworkSettings>(),
            ],
        };
        if (options.Metrics.Port != 0 && options.Metrics.Port == server.Port)
            mistakes.Add("Metrics:Port must be another one than Server:Port, which everybody reaches.");
        foreach (var port in options.Webhooks.ExtraPorts.Where(port => port is < 1 or > 65_535))
            mistakes.Add($"Webhooks:ExtraPorts has {port}, which is no TCP port.");
        if (options.Networks.Count > 0 && keys.PassphraseFile.Length == 0)
            mistakes.Add(
                "Keys:PassphraseFile must be set when live networks are configured: a file that holds the passphrase of "
                    + "the vault. The one of a first start without live networks is in the data directory (passphrase)."
            );
        return settings;
    }

    private static PegPolicy PegOf(PegOptions peg, List<string> mistakes)
    {
        var below = peg.Below switch
        {
            "pause" => BelowPeg.Pause,
            "requote" => BelowPeg.Requote,
            _ => BelowPeg.Warn,
        };
        if (
            Rate.TryParse(peg.Floor, out var floor)
            && floor.Unscaled * 2 >= Rate.One.Unscaled
            && floor.Unscaled <= Rate.One.Unscaled
        )
            return new PegPolicy(floor, below);
        mistakes.Add("Rates:Peg:Floor must be plain digits from 0.5 to 1, such as 0.98.");
        return PegPolicy.Default with { Below = below };
    }

    private static string? PublicUrlOf(ServerOptions server, List<string> mistakes)
    {
        if (server.PublicUrl.Length == 0)
            return null;
        var isGood =
            WebAddress.Read(server.PublicUrl) is { } uri
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            && uri.UserInfo.Length == 0
            && uri.Query.Length == 0
            && uri.Fragment.Length == 0
            && uri.AbsolutePath == "/";
        if (!isGood)
            mistakes.Add("Server:PublicUrl must be https://host, or http on localhost, without a path.");
        return server.PublicUrl.TrimEnd('/');
    }

    private static IPAddress ListenOf(ServerOptions server, List<string> mistakes)
    {
        if (server.Listen == "*")
            return IPAddress.IPv6Any;
        if (server.Listen == "localhost")
            return IPAddress.Loopback;
        if (IPAddress.TryParse(server.Listen, out var address))
            return address;
        mistakes.Add("Server:Listen must be an IP address or *.");
        return IPAddress.Loopback;
    }

    private static List<IPNetwork> ProxiesOf(ServerOptions server, List<string> mistakes)
    {
        var proxies = new List<IPNetwork>();
        foreach (var text in server.TrustedProxies)
        {
            if (AddressRule.TryParse(text, out var network))
                proxies.Add(network);
            else
                mistakes.Add($"Server:TrustedProxies has {text}, which is no address and no CIDR range.");
        }
        return proxies;
    }

    private static string ConnectionOf(DatabaseOptions database, string data, List<string> mistakes)
    {
        if (database.Provider == "sqlite")
        {
            if (database.ConnectionString.Length + database.ConnectionStringFile.Length > 0)
                mistakes.Add("Database:ConnectionString is for PostgreSQL; SQLite has Database:Path.");
            return database.Path is "" or ":memory:"
                ? database.Path.Length > 0
                    ? database.Path
                    : Path.Combine(data, "stablepay.db")
                : Path.GetFullPath(database.Path);
        }
        if (database.Path.Length > 0)
            mistakes.Add("Database:Path is for SQLite; PostgreSQL has Database:ConnectionStringFile.");
        if (database.ConnectionString.Length > 0 && database.ConnectionStringFile.Length > 0)
            mistakes.Add("Database:ConnectionString and Database:ConnectionStringFile exclude each other.");
        var connection =
            SecretFrom("Database:ConnectionStringFile", database.ConnectionStringFile, mistakes)
            ?? database.ConnectionString;
        if (connection.Length == 0)
            mistakes.Add("Database:ConnectionStringFile must be set for PostgreSQL.");
        return connection;
    }

    /// <summary>The text of a secret's file without its last line end, or null if none is named.</summary>
    internal static string? SecretFrom(string setting, string file, List<string> mistakes)
    {
        if (file.Length == 0)
            return null;
        try
        {
            var text = File.ReadAllText(file).TrimEnd('\r', '\n');
            if (text.Length > 0)
                return text;
            mistakes.Add($"{setting}: the file {file} is empty.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add($"{setting}: the file {file} cannot be read: {e.Message}");
        }
        return null;
    }
}
