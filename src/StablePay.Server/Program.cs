using StablePay.Server.Commands;
using StablePay.Server.Hosting;
using StablePay.Server.Options;

// The exit codes are a promise to scripts: 0 stopped as asked, 2 the settings are wrong, 3 it must not start, 4 books
// and chains were compared and differ, or could not be compared to the end.
const int WrongSettings = 2;
const int Refused = 3;
const int Differs = 4;

var line = CommandLine.Read(args);
var (settings, mistakes) = SettingsCheck.Read(line);
if (settings is null)
{
    foreach (var mistake in mistakes)
        Console.Error.WriteLine(mistake);
    return WrongSettings;
}
if (line.CheckOnly)
{
    Console.WriteLine("The settings are good.");
    return 0;
}

try
{
    if (line.Addresses is { } addresses)
    {
        addresses.Print(settings, new SystemDice(), Console.WriteLine);
        return 0;
    }
    if (line.Reconcile)
    {
        var agrees = await ReconcileOnce.RunAsync(
            settings,
            SystemClock.Instance,
            new SystemDice(),
            Console.WriteLine,
            CancellationToken.None
        );
        return agrees ? 0 : Differs;
    }
    await using var host = await ServerHost.StartAsync(
        settings,
        SystemClock.Instance,
        new SystemDice(),
        Console.WriteLine,
        CancellationToken.None
    );
    Console.WriteLine(Greeting.Of(host.PublicUrl, host.Demo));
    await host.WaitForSignalAsync();
    return 0;
}
catch (Exception e) when (e is EngineRefusedException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    return Refused;
}
