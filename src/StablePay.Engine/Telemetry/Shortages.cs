using System.Diagnostics.Metrics;

namespace StablePay.Engine.Telemetry;

/// <summary>
/// What stores went without because their tolerance took less for paid (PAY-02), since this process began. The ledger
/// has the total for all time; here it can be watched for somebody who underpays again and again.
/// </summary>
public sealed class Shortages(Meter meter)
{
    public const string Name = "stablepay.tolerance.shortage";

    private readonly Counter<double> _coins = meter.CreateCounter<double>(
        Name,
        "{coin}",
        "What payments that counted as paid were short of their due."
    );

    /// <summary>These entries were committed; those of another kind are passed over.</summary>
    public void Record(IEnumerable<LedgerEntry> entries)
    {
        foreach (var entry in entries)
        foreach (var posting in entry.Postings.Where(p => p.Account == LedgerAccount.StoreTolerance(entry.Store)))
            _coins.Add(
                (double)posting.Amount.Atoms / Math.Pow(10, posting.Amount.Token.Decimals),
                Metrics.Tag("store", entry.Store.Value),
                Metrics.Tag("network", posting.Amount.Token.Network.Value),
                Metrics.Tag("token", posting.Amount.Token.Asset.Code)
            );
    }
}
