using StablePay.Fuzz.Targets;

namespace StablePay.Fuzz;

/// <summary>All targets, and where their corpora are.</summary>
public static class FuzzTargets
{
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new JsonTarget(),
        new RequestTarget(),
        new HexTarget(),
        new EvmTarget(),
        new TronTarget(),
        new SolanaTarget(),
        new UrlTarget(),
        new DialTarget(),
        new RateTarget(),
        new SignatureTarget(),
    ];

    public static IFuzzTarget? Find(string name) => All.FirstOrDefault(t => t.Name == name);

    /// <summary>The inputs that a target begins with, by file name.</summary>
    public static IEnumerable<string> Corpus(IFuzzTarget target) =>
        Directory
            .EnumerateFiles(Testing.RepositoryRoot.Of("tests", "StablePay.Fuzz", "Corpus", target.Name))
            .Order(StringComparer.Ordinal);
}
