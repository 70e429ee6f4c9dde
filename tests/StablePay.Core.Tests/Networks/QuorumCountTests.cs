using StablePay.Core.Tests.Money;

namespace StablePay.Core.Tests.Networks;

/// <summary>What the votes of nodes come to.</summary>
public sealed class QuorumCountTests
{
    private static readonly Gen<Vote[]> Votes = Draws.OneOf(Enum.GetValues<Vote>()).Array[1, 6];

    [Fact]
    public void EVM_16_only_enough_who_agree_and_none_who_disagrees_is_an_agreement() =>
        Gen.Select(Votes, Gen.Int[2, 4])
            .Sample(
                (votes, needed) =>
                {
                    var answer = QuorumCount.Of(new QuorumRule(Coverage.Zero, needed), "It", [.. Named(votes)]);
                    var isTold = votes.Any(v => v is Vote.Disagrees or Vote.Denies);
                    var isDenied = votes.Length >= needed && votes.All(v => v == Vote.Denies);
                    (answer is QuorumAnswer.Agreed).ShouldBe(votes.Count(v => v == Vote.Agrees) >= needed && !isTold);
                    (answer is QuorumAnswer.Denied).ShouldBe(isDenied);
                    (answer is QuorumAnswer.Disputed).ShouldBe(isTold && !isDenied);
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
                    if (fewer[which % fewer.Length] is Vote.Disagrees or Vote.Denies)
                        return;
                    fewer[which % fewer.Length] = Vote.Silent;
                    if (QuorumCount.Of(rule, "It", [.. Named(fewer)]) is QuorumAnswer.Agreed)
                        before.ShouldBeOfType<QuorumAnswer.Agreed>();
                }
            );

    [Fact]
    public void EVM_16_one_node_that_is_away_or_agrees_keeps_a_transfer_from_being_denied()
    {
        var rule = new QuorumRule(Coverage.Zero, 2);
        QuorumCount.Of(rule, "It", [.. Named([Vote.Denies, Vote.Denies])]).ShouldBeOfType<QuorumAnswer.Denied>();
        foreach (var other in (Vote[])[Vote.Silent, Vote.Agrees, Vote.Disagrees])
            QuorumCount
                .Of(rule, "It", [.. Named([Vote.Denies, Vote.Denies, other])])
                .ShouldBeOfType<QuorumAnswer.Disputed>();
    }

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

    /// <summary>Everything that three nodes can say; who says it makes no difference.</summary>
    public static IEnumerable<string> Rows() =>
        from a in Enum.GetValues<Vote>()
        from b in Enum.GetValues<Vote>()
        from c in Enum.GetValues<Vote>()
        where a <= b && b <= c
        let answer = QuorumCount.Of(new QuorumRule(Coverage.Zero, 2), "It", [.. Named([a, b, c])])
        select $"| {a}, {b}, {c} | {answer.GetType().Name} |";

    [Fact]
    public void EVM_16_who_says_what_makes_no_difference() =>
        Gen.Select(Votes, Gen.Int[2, 4])
            .Sample(
                (votes, needed) =>
                {
                    var rule = new QuorumRule(Coverage.Zero, needed);
                    QuorumCount
                        .Of(rule, "It", [.. Named([.. votes.Order()])])
                        .GetType()
                        .ShouldBe(QuorumCount.Of(rule, "It", [.. Named(votes)]).GetType());
                }
            );
}
