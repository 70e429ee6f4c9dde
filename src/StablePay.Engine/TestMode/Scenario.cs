using StablePay.Chains.Sandbox;
using StablePay.Storage;

namespace StablePay.Engine.TestMode;

/// <summary>One way in which a payment can go, played on a test session.</summary>
/// <param name="Events">What the store is told, in this order, when nothing else happens to the session.</param>
/// <param name="Plan">What happens, or why it cannot on this session; changes nothing.</param>
public sealed record Scenario(string Name, IReadOnlyList<EventType> Events, Func<Stage, Result<Script>> Plan)
{
    /// <summary>How long a node is away in <c>node_outage</c>.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(30);

    /// <summary>The least time that a network is slow: long enough to be seen on the page.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(20);

    /// <summary>After the session's end, so that its expiry is told before the money comes.</summary>
    private static readonly TimeSpan AfterEnd = TimeSpan.FromSeconds(10);

    private static readonly EventType[] Usual = [EventType.PaymentProcessing, EventType.PaymentCompleted];

    /// <summary>Every scenario, in the order in which they are offered.</summary>
    public static IReadOnlyList<Scenario> All { get; } =
    [
        new("exact", Usual, Exact),
        new("under", [EventType.PaymentUnderpaid], Under),
        new("over", [.. Usual, EventType.PaymentOverpaid], Over),
        new("late", [EventType.PaymentExpired, EventType.PaymentPaidLate], Late),
        new("two_parts", [EventType.PaymentUnderpaid, .. Usual], TwoParts),
        new("two_payers", [.. Usual, EventType.PaymentOverpaid], TwoPayers),
        new("wrong_token", [], WrongToken),
        new("wrong_network", [], WrongNetwork),
        new("exchange_batch", Usual, ExchangeBatch),
        new("dust", [], Dust),
        new("reorg_before_final", [EventType.PaymentProcessing, EventType.PaymentReversed, .. Usual], Reorg),
        new("slow_network", Usual, SlowNetwork),
        new("node_outage", Usual, NodeOutage),
        new("frozen_sender", [], FrozenSender),
    ];

    /// <summary>The scenario of this name; a refusal that lists the names if there is none.</summary>
    public static Result<Scenario> Find(string name) =>
        All.FirstOrDefault(s => s.Name == name) is { } found
            ? found
            : new Rejection(
                ErrorCode.ParameterInvalid,
                $"scenario is one of {string.Join(", ", All.Select(s => s.Name))}.",
                "scenario"
            );

    private static Result<Script> Exact(Stage stage) => new Script(new Act(stage.Token, stage.Missing.Atoms));

    private static Result<Script> Under(Stage stage) =>
        stage.PartOf(2, 3) is var part && part > 0 ? new Script(new Act(stage.Token, part)) : TooSmall();

    private static Result<Script> Over(Stage stage) =>
        stage.PartOf(1, 2) is var more && more > 0
            ? new Script(new Act(stage.Token, stage.Missing.Atoms + more))
            : TooSmall();

    private static Result<Script> Late(Stage stage) =>
        new Script(
            new Act(stage.Token, stage.Missing.Atoms)
            {
                Fate = new SandboxFate { Wait = Longer(stage.Blocks(5), AfterEnd) },
            }
        )
        {
            PastEnd = true,
        };

    private static Result<Script> TwoParts(Stage stage)
    {
        var half = stage.PartOf(1, 2);
        if (half == 0)
            return TooSmall();
        return new Script(
            new Act(stage.Token, half),
            new Act(stage.Token, stage.Missing.Atoms - half) { Fate = new SandboxFate { Wait = stage.Blocks(2) } }
        );
    }

    private static Result<Script> TwoPayers(Stage stage) =>
        new Script(
            new Act(stage.Token, stage.Missing.Atoms),
            new Act(stage.Token, stage.Missing.Atoms)
            {
                From = "sandbox1secondwallet",
                Fate = new SandboxFate { Wait = stage.Blocks(2) },
            }
        );

    private static Result<Script> WrongToken(Stage stage)
    {
        if (stage.Network.Tokens.FirstOrDefault(t => t.Asset != stage.Token.Asset) is not { } other)
            return No($"{stage.Network.Name} has one coin here, so the other cannot be sent; name another network.");
        return stage.WasShown(other)
            ? No($"The payer was shown both coins on {stage.Network.Name}, so either counts.")
            : new Script(new Act(other, stage.MissingIn(other).Atoms));
    }

    private static Result<Script> WrongNetwork(Stage stage)
    {
        var others = stage.Siblings.Select(n => n.Find(stage.Token.Asset)).OfType<Token>().ToList();
        if (others.Count == 0)
            return No(
                $"No other network shares {stage.Network.Name}'s addresses; name sandbox:ethereum or sandbox:bsc."
            );
        return others.Find(t => !stage.WasShown(t)) is { } other
            ? new Script(new Act(other, stage.MissingIn(other).Atoms))
            : No("The payer was shown every network that shares this address, so all of them count.");
    }

    private static Result<Script> ExchangeBatch(Stage stage) =>
        new Script(new Act(stage.Token, stage.Missing.Atoms) { From = "sandbox1exchange", Others = 4 });

    private static Result<Script> Dust(Stage stage) =>
        // Half a cent; the floor is a cent.
        new Script(new Act(stage.Token, stage.Token.AtomsPerCent / 2));

    private static Result<Script> Reorg(Stage stage) =>
        stage.Network.Finality.Confirmations < 2
            ? No("A block of this sandbox is final at once, so none can leave; set Sandbox:Confirmations to 2 or more.")
            : new Script(
                new Act(stage.Token, stage.Missing.Atoms) { Fate = new SandboxFate { ComesAgain = stage.Blocks(3) } }
            );

    private static Result<Script> SlowNetwork(Stage stage) =>
        Troubled(stage, TroubleKind.Slow, Longer(stage.Blocks(10), Slow));

    private static Result<Script> NodeOutage(Stage stage) => Troubled(stage, TroubleKind.Outage, Outage);

    private static Result<Script> FrozenSender(Stage stage) =>
        new Script(
            new Act(stage.Token, stage.Missing.Atoms)
            {
                From = "sandbox1frozenwallet",
                Fate = new SandboxFate { Reverted = true },
            }
        );

    private static Script Troubled(Stage stage, TroubleKind kind, TimeSpan length) =>
        new(new Act(stage.Token, stage.Missing.Atoms) { Fate = new SandboxFate { Wait = length } })
        {
            Trouble = (kind, length),
        };

    private static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    private static Rejection TooSmall() => No("Too little is missing to be divided; create a session of 0.03 or more.");

    private static Rejection No(string sentence) => new(ErrorCode.ParameterInvalid, sentence, "scenario");
}
