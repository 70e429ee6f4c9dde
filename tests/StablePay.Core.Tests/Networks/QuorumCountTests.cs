namespace StablePay.Core.Tests.Networks;

/// <summary>What the votes of nodes come to.</summary>
public sealed class QuorumCountTests
{
    private static readonly Gen<Vote[]> Votes = Gen.Int[0, 2].Select(v => (Vote)v).Array[1, 6];

    [Fact]
    public void EVM_16_only_enough_who_agree_and_none_who_disagrees_is_an_agreement() =>
        Gen.Select(Votes, Gen.Int[2, 4])
            .Sample(
                (votes, needed) =>
                {
                    var answer = QuorumCount.Of(new QuorumRule(Coverage.Zero, needed), "It", [.. Named(votes)]);
                    var agreed = votes.Count(v => v == Vote.Agrees) >= needed && !votes.Contains(Vote.Disagrees);
                    (answer is QuorumAnswer.Agreed).ShouldBe(agreed);
                    (answer is QuorumAnswer.Disputed).ShouldBe(votes.Contains(Vote.Disagrees));
                }
            );

    [Fact]
    public void EVM_16_a_node_that_goes_away_never_makes_an_agreement() =>
        Gen.Select(Votes, Gen.Int[2, 4], Gen.Int[0, 5])
            .Sample(
                (votes, needed, which) =>
                {
                    var rule = new QuorumRule(Coverage.Zero, needed);
                    var before = QuorumCount.Of(rule, "It", [.. Named(votes)]);
                    var fewer = votes.ToArray();
                    if (fewer[which % fewer.Length] == Vote.Disagrees)
                        return;
                    fewer[which % fewer.Length] = Vote.Silent;
                    if (QuorumCount.Of(rule, "It", [.. Named(fewer)]) is QuorumAnswer.Agreed)
                        before.ShouldBeOfType<QuorumAnswer.Agreed>();
                }
            );

    [Fact]
    public void Those_who_disagree_or_are_silent_are_named()
    {
        var rule = new QuorumRule(Coverage.Zero, 2);
        var disputed = QuorumCount.Of(rule, "It", [("a", Vote.Agrees), ("b", Vote.Disagrees), ("c", Vote.Agrees)]);
        disputed.ShouldBeOfType<QuorumAnswer.Disputed>().Why.ShouldContain("b disagrees");
        var waiting = QuorumCount.Of(rule, "It", [("a", Vote.Agrees), ("b", Vote.Silent)]);
        waiting.ShouldBeOfType<QuorumAnswer.Waiting>().Why.ShouldContain("1 of 2 nodes agree; no answer yet from b");
    }

    private static IEnumerable<(string, Vote)> Named(Vote[] votes) =>
        votes.Select((v, i) => (i.ToString(CultureInfo.InvariantCulture), v));
}
