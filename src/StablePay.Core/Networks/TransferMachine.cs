namespace StablePay.Core.Networks;

/// <summary>
/// included → accepted → final, or included → final; included and accepted → orphaned → included.
/// What happens to a final transfer below the network's finality is not handled
/// here: the watcher halts the network first (T8).
/// </summary>
public static class TransferMachine
{
    /// <summary>
    /// Seen in a block again after its block was orphaned. The receipt of the new block is the truth: amount, sender
    /// and
    /// recipient are taken from it, never adjusted (EVM-03).
    /// </summary>
    public static Transfer Reinclude(Transfer orphaned, Transfer seenAgain)
    {
        Invariant.Holds(orphaned.State == TransferState.Orphaned, "only an orphaned transfer is included again");
        Invariant.Holds(orphaned.Id == seenAgain.Id, "a transfer keeps its identity");
        return seenAgain with { SeenAt = orphaned.SeenAt, Version = orphaned.Version + 1 };
    }

    /// <summary>Deep enough for its store's acceptance table.</summary>
    public static Transfer Accept(Transfer included)
    {
        Invariant.Holds(
            included is { State: TransferState.Included, Class: TransferClass.Counted },
            "only an included transfer that counts is accepted"
        );
        return included with { State = TransferState.Accepted, Version = included.Version + 1 };
    }

    public static Transfer Orphan(Transfer open)
    {
        Invariant.Holds(open.State.IsOpen, "a final transfer keeps its block");
        return open with { State = TransferState.Orphaned, Version = open.Version + 1 };
    }

    public static Transfer Finalize(Transfer open)
    {
        Invariant.Holds(open.State.IsOpen, "only a transfer in a block becomes final");
        return open with { State = TransferState.Final, Version = open.Version + 1 };
    }
}
