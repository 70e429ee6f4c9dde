using StablePay.Fuzz;
using StablePay.Testing;

// StablePay.Fuzz TARGET [--seconds N] [--seed S]    a campaign; tests/fuzz.sh instruments before it
// StablePay.Fuzz TARGET --replay FILE...            runs the target on files
// StablePay.Fuzz TARGET --afl                       serves afl-fuzz
// Before everything: what is instrumented writes to it from its first line on.
var coverage = new BranchCoverage();
if (args.Length == 0 || FuzzTargets.Find(args[0]) is not { } target)
{
    Console.Error.WriteLine($"Name a target: {string.Join(", ", FuzzTargets.All.Select(t => t.Name))}");
    return 2;
}
if (args.Contains("--afl"))
{
    SharpFuzz.Fuzzer.OutOfProcess.Run(stream =>
    {
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        target.Run(bytes.ToArray());
    });
    return 0;
}
if (Array.IndexOf(args, "--replay") is > 0 and var replay)
{
    foreach (var file in args[(replay + 1)..])
        target.Run(File.ReadAllBytes(file));
    return 0;
}
if (Number("--seconds", 20) is not { } seconds || Number("--seed", 1) is not { } seed)
{
    Console.Error.WriteLine("--seconds and --seed are followed by a number from 0 on.");
    return 2;
}
var findings = RepositoryRoot.Of("artifacts", "fuzz", "findings", target.Name);
var campaign = new Campaign(target, coverage, new SeededDice(seed), findings, Console.Out);
return campaign.Run(FuzzTargets.Corpus(target).Select(File.ReadAllBytes), TimeSpan.FromSeconds(seconds)) == 0 ? 0 : 1;

int? Number(string name, int otherwise)
{
    var at = Array.IndexOf(args, name);
    if (at < 0)
        return otherwise;
    var text = at + 1 < args.Length ? args[at + 1] : "";
    return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
