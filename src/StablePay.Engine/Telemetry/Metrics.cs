using System.Diagnostics.Metrics;
using StablePay.Engine.Reconciling;
using StablePay.Engine.Watching;

namespace StablePay.Engine.Telemetry;

/// <summary>
/// What the engine measures of itself: the state of each network, and how long a payment takes from the node to the
/// page. Nothing here names a merchant or a session, and no amount but what a store's tolerance has cost it.
/// </summary>
public sealed class Metrics : IDisposable
{
    public const string MeterName = "StablePay";

    /// <summary>This engine's own; a process may hold several in tests.</summary>
    public Meter Meter { get; } = new(MeterName);

    public Metrics(NetworkBook networks, TimeProvider clock)
    {
        Detections = new Detections(Meter, clock);
        Shortages = new Shortages(Meter);
        Observe("stablepay.network.height", "{block}", "The last block that was read.", networks, n => n.Height);
        Observe("stablepay.network.lag", "s", "How far reading is behind.", networks, n => n.Lag.TotalSeconds);
        Observe("stablepay.network.behind", "1", "1 while payments are seen late.", networks, n => n.IsBehind ? 1 : 0);
        Observe(
            "stablepay.network.halted",
            "1",
            "1 while nothing is credited until a person has looked.",
            networks,
            n => n.Halted is null ? 0 : 1
        );
        Observe(
            "stablepay.network.held_transfers",
            "{transfer}",
            "Final transfers that wait until enough nodes agree.",
            networks,
            n => n.Held
        );
        Meter.CreateObservableGauge(
            "stablepay.token.stopped",
            () =>
                from network in networks.All
                from token in network.Tokens
                select new Measurement<int>(
                    networks.Tokens.WhyNot(token) is null ? 0 : 1,
                    Tag("network", network.Id.Value),
                    Tag("token", token.Asset.Code)
                ),
            "1",
            "1 while no new payment may choose the coin."
        );
        Meter.CreateObservableGauge(
            "stablepay.peg.price",
            () =>
                from asset in Asset.All
                let peg = networks.Tokens.Pegs?.Find(asset)
                where peg is not null
                select new Measurement<double>((double)peg.Price.Unscaled / 1e12, Tag("token", asset.Code)),
            "{dollar}",
            "What a coin is worth; absent while it is not known."
        );
    }

    public Detections Detections { get; }

    public Shortages Shortages { get; }

    /// <summary>Adds what the comparison of books and chains found.</summary>
    public void Watch(ReconciliationDesk desk, NetworkBook networks, TimeProvider clock)
    {
        Meter.CreateObservableGauge(
            "stablepay.reconciliation.open_items",
            () =>
                networks
                    .All.Where(n => n.IsLive)
                    .SelectMany(_ => Enum.GetValues<DifferenceKind>(), (n, kind) => (n.Id, Kind: kind))
                    .Select(about => new Measurement<long>(
                        desk.Last.Open.GetValueOrDefault(about),
                        Tag("network", about.Id.Value),
                        Tag("kind", about.Kind.ToString().ToLowerInvariant())
                    )),
            "{item}",
            "Differences between our books and the chain that are open."
        );
        Meter.CreateObservableGauge(
            "stablepay.reconciliation.ledger_faults",
            () => desk.Last.LedgerFaults,
            "{fault}",
            "Sums of the ledger that were wrong when they were last checked."
        );
        Meter.CreateObservableGauge(
            "stablepay.reconciliation.age",
            () =>
                desk.Last.Cycles.Select(c => new Measurement<double>(
                    (clock.Now - c.StartedAt).TotalSeconds,
                    Tag("subject", c.Subject)
                )),
            "s",
            "Since the newest comparison of all of it began."
        );
    }

    public void Dispose() => Meter.Dispose();

    private void Observe(
        string name,
        string unit,
        string description,
        NetworkBook networks,
        Func<WatchedNetwork, double> value
    ) =>
        Meter.CreateObservableGauge(
            name,
            () =>
                networks
                    .All.Select(n => networks.Status(n.Id))
                    .OfType<WatchedNetwork>()
                    .Select(n => new Measurement<double>(value(n), Tag("network", n.Network.Id.Value))),
            unit,
            description
        );

    internal static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
