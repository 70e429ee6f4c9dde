namespace StablePay.Engine.Reconciling;

/// <summary>An item as a sentence for the operator.</summary>
internal static class ItemText
{
    public static string Of(ReconciliationItem item, string network)
    {
        var (kind, booked, onChain) = item.Difference;
        TokenAmount Amount(UInt128 atoms) => new(item.At.Token, atoms);
        var (address, session) = (item.At.Address, item.Session);
        return kind switch
        {
            DifferenceKind.Missing =>
                $"{network}: {Amount(item.Difference.Atoms)} are missing at {address} (payment {session}): "
                    + $"{Amount(booked)} came, and the chain holds {Amount(onChain)}. See docs/reconciliation.md.",
            DifferenceKind.Surplus =>
                $"{network}: {address} (payment {session}) holds {Amount(onChain)}, and only {Amount(booked)} "
                    + "came as far as we saw. See docs/reconciliation.md.",
            DifferenceKind.Frozen =>
                $"{network}: {item.At.Token.Asset} has frozen {address} (payment {session}): {Amount(onChain)} are "
                    + "there and cannot leave. See docs/reconciliation.md.",
        };
    }
}
