namespace StablePay.Server.Tests.Snapshots;

/// <summary>
/// A committed file that a test regenerates and compares. With STABLEPAY_UPDATE_SNAPSHOTS=1 it is written instead, and
/// the change shows in the diff.
/// </summary>
internal static class Snapshot
{
    public static void Matches(string path, string expected)
    {
        var full = Path.Combine(Root(), path);
        if (Environment.GetEnvironmentVariable("STABLEPAY_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(full, expected);
        File.Exists(full).ShouldBeTrue($"{path} does not exist; run with STABLEPAY_UPDATE_SNAPSHOTS=1");
        File.ReadAllText(full).ShouldBe(expected, $"{path} is out of date; run with STABLEPAY_UPDATE_SNAPSHOTS=1");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "StablePay.slnx")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("not inside the repository");
        return folder;
    }
}
