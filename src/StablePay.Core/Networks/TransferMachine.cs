namespace StablePay.Core.Networks;

/// <summary>
/// included ⇄ orphaned, included → final. What happens to a final transfer below the network's finality is not handled
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

    public static Transfer Orphan(Transfer included)
    {
        Invariant.Holds(included.State == TransferState.Included, "only an included transfer loses its block");
        return included with { State = TransferState.Orphaned, Version = included.Version + 1 };
    }

    public static Transfer Finalize(Transfer included)
    {
        Invariant.Holds(included.State == TransferState.Included, "only an included transfer becomes final");
        return included with { State = TransferState.Final, Version = included.Version + 1 };
    }
}
