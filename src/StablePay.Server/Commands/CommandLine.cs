namespace StablePay.Server.Commands;

/// <summary>What the operator typed: a command, and settings as pairs.</summary>
/// <param name="CheckOnly">The command <c>check-config</c>: print the mistakes and start nothing.</param>
/// <param name="Settings">Keys with colons, as <c>Server:Port</c>.</param>
/// <param name="Mistakes">What could not be understood.</param>
internal sealed record CommandLine(
    bool CheckOnly,
    IReadOnlyList<KeyValuePair<string, string?>> Settings,
    IReadOnlyList<string> Mistakes
)
{
    /// <summary>The command <c>addresses</c>, or null.</summary>
    public AddressesCommand? Addresses { get; init; }

    /// <summary>The command <c>reconcile</c>: compare books and chains once, print what is open and stop.</summary>
    public bool Reconcile { get; private init; }

    private static readonly Dictionary<string, string> Short = new(StringComparer.Ordinal)
    {
        ["--port"] = "Server:Port",
        ["--data"] = "Server:Data",
        ["--settings"] = SettingsFile,
    };

    /// <summary>Not a setting itself: the JSON file that holds settings.</summary>
    public const string SettingsFile = "settings-file";

    /// <summary>The file given with <c>--settings</c>, or null.</summary>
    public string? File => Settings.LastOrDefault(s => s.Key == SettingsFile).Value;

    public static CommandLine Read(IReadOnlyList<string> args)
    {
        var settings = new List<KeyValuePair<string, string?>>();
        var mistakes = new List<string>();
        var (checkOnly, reconcile) = (false, false);
        var addresses = AddressesCommand.Read(ref args, mistakes);
        for (var i = 0; i < args.Count; i++)
        {
            if (args[i] == "check-config" && i == 0)
                checkOnly = true;
            else if (args[i] == "reconcile" && i == 0)
                reconcile = true;
            else if (args[i] == "--no-demo")
                settings.Add(new("Sandbox:Demo", "false"));
            else if (KeyOf(args[i], out var inline) is not { } key)
                mistakes.Add($"{args[i]} is not understood; settings are written --Section:Name value.");
            else if (inline is not null)
                settings.Add(new(key, inline));
            else if (++i < args.Count)
                settings.Add(new(key, args[i]));
            else
                mistakes.Add($"{args[i - 1]} needs a value.");
        }
        return new CommandLine(checkOnly, settings, mistakes) { Addresses = addresses, Reconcile = reconcile };
    }

    private static string? KeyOf(string arg, out string? inline)
    {
        var equals = arg.IndexOf('=', StringComparison.Ordinal);
        inline = equals < 0 ? null : arg[(equals + 1)..];
        var name = equals < 0 ? arg : arg[..equals];
        if (Short.TryGetValue(name, out var key))
            return key;
        return name.StartsWith("--", StringComparison.Ordinal) && name.Contains(':', StringComparison.Ordinal)
            ? name[2..]
            : null;
    }
}
