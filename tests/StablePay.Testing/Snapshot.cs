using Shouldly;

namespace StablePay.Testing;

/// <summary>
/// A committed file that a test regenerates and compares. With STABLEPAY_UPDATE_SNAPSHOTS=1 it is written instead, and
/// the change shows in the diff.
/// </summary>
public static class Snapshot
{
    public static void Matches(string path, string expected)
    {
        var full = RepositoryRoot.Of(path);
        if (Environment.GetEnvironmentVariable("STABLEPAY_UPDATE_SNAPSHOTS") == "1")
            File.WriteAllText(full, expected);
        File.Exists(full).ShouldBeTrue($"{path} does not exist; run with STABLEPAY_UPDATE_SNAPSHOTS=1");
        File.ReadAllText(full).ShouldBe(expected, $"{path} is out of date; run with STABLEPAY_UPDATE_SNAPSHOTS=1");
    }
}
