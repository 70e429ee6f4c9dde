namespace StablePay.Fuzz.Tests;

/// <summary>Every input that was once written down or found holds for ever.</summary>
public sealed class CorpusTests
{
    public static IEnumerable<TheoryDataRow<string, string>> Inputs =>
        FuzzTargets.All.SelectMany(target =>
            FuzzTargets
                .Corpus(target)
                .Select(path => new TheoryDataRow<string, string>(target.Name, Path.GetFileName(path)))
        );

    [Theory]
    [MemberData(nameof(Inputs))]
    public void An_input_of_the_corpus_breaks_nothing(string name, string file)
    {
        var target = FuzzTargets.Find(name).ShouldNotBeNull();
        target.Run(File.ReadAllBytes(RepositoryRoot.Of("tests", "StablePay.Fuzz", "Corpus", name, file)));
    }

    [Fact]
    public void Every_target_has_a_corpus_and_every_corpus_a_target() =>
        Directory
            .EnumerateDirectories(RepositoryRoot.Of("tests", "StablePay.Fuzz", "Corpus"))
            .Select(Path.GetFileName)
            .Order(StringComparer.Ordinal)
            .ShouldBe(FuzzTargets.All.Select(t => t.Name).Order(StringComparer.Ordinal));
}
