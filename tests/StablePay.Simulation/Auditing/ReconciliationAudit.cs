using System.Numerics;
using Microsoft.Data.Sqlite;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Auditing;

internal sealed record ItemRow(
    string Id,
    string Network,
    string Contract,
    string Address,
    string Kind,
    string State,
    BigInteger Ledger,
    BigInteger Chain,
    long Height
)
{
    public const string Sql = """
        select id, network, contract, address, kind, state, ledger_atoms, chain_atoms, block_height, rowid
        from reconciliation_items where
        """;

    public required long Row { get; init; }

    public BigInteger Atoms => BigInteger.Abs(Ledger - Chain);

    public static ItemRow Read(SqliteDataReader r) =>
        new(
            r.GetString(0),
            r.GetString(1),
            r.GetString(2),
            r.GetString(3),
            r.GetString(4),
            r.GetString(5),
            SessionRow.Big(r, 6),
            SessionRow.Big(r, 7),
            r.GetInt64(8)
        )
        {
            Row = r.GetInt64(9),
        };
}

/// <summary>
/// L6 against the chains: what is stolen is told, by its amount, and nothing else ever is; with what is told, ledger
/// and chain agree. Nobody freezes an address in these worlds, and every payment is seen.
/// </summary>
internal sealed class ReconciliationAudit(SimWorld world, Rows rows)
{
    /// <summary>Of how old a block an answer may be at most, where nodes do not tell which it is of.</summary>
    private const int Vague = 60;

    private readonly Dictionary<long, ItemRow> _known = [];

    /// <summary>The cycle of each network that goes on, and what everybody knew to be final when it began.</summary>
    private readonly Dictionary<string, (long Number, TimeSpan Began, long Settled)> _ongoing = [];
    private readonly Dictionary<string, (TimeSpan Began, long Settled)> _finished = [];

    /// <summary>How many times a network was compared from beginning to end.</summary>
    public int Compared { get; private set; }

    /// <summary>How many items were opened.</summary>
    public int Opened { get; private set; }

    public void Look(RowChange change)
    {
        var before = _known.GetValueOrDefault(change.Row);
        _known.Remove(change.Row);
        if (rows.One(ItemRow.Sql + " rowid = @p0", ItemRow.Read, change.Row) is not { } now)
        {
            if (before is { State: not "suspected" })
                throw new AuditException("L6", $"{Words(before)} was {before.State}, and is deleted");
            return;
        }
        _known[now.Row] = now;
        if (before?.Id != now.Id)
            before = null;
        if (before is { State: "closed" } && before != now)
            throw new AuditException("L6", $"{Words(now)} was closed, and is changed");
        if (now.State == "open" && before != now)
            CheckOpen(now);
        if (now.State == "open" && before?.State != "open")
            Opened++;
        if (
            now.State == "closed"
            && before?.State != "closed"
            && Stolen(now, long.MaxValue) is var stolen
            && stolen > 0
        )
            throw new AuditException("L6", $"{Words(now)} is closed, and {stolen} are gone");
    }

    public void LookAtCycle(RowChange change)
    {
        var found = rows.One(
            "select subject, cycle, finished_at_ms is not null, faults from reconciliation_cycles where rowid = @p0",
            r => (r.GetString(0), r.GetInt64(1), r.GetBoolean(2), r.GetInt64(3)).ToTuple(),
            change.Row
        );
        if (found is not ({ } subject, var number, var isFinished, var faults))
            return;
        if (faults > 0)
            throw new AuditException("L4", $"the engine finds {faults} faults in a ledger that adds up");
        if (world.Networks.FirstOrDefault(n => n.Network.Id.Value == subject) is not { } network)
            return;
        if (_ongoing.GetValueOrDefault(subject).Number != number)
            _ongoing[subject] = (number, world.Agenda.Elapsed, network.SettledHeight);
        if (!isFinished)
            return;
        Compared++;
        _finished[subject] = (_ongoing[subject].Began, _ongoing[subject].Settled);
    }

    public void Reload()
    {
        _known.Clear();
        _ongoing.Clear();
        _finished.Clear();
        foreach (var item in rows.List(ItemRow.Sql + " true", ItemRow.Read))
            _known[item.Row] = item;
        // A cycle that goes on after a restore has seen only a part of what there is now.
        foreach (
            var (subject, number) in rows.List(
                "select subject, cycle from reconciliation_cycles",
                r => (r.GetString(0), r.GetInt64(1))
            )
        )
            _ongoing[subject] = (number, TimeSpan.MinValue, 0);
    }

    /// <summary>Whether every network has been compared from beginning to end since then.</summary>
    public bool HasComparedSince(TimeSpan when) =>
        world.Networks.All(n => _finished.TryGetValue(n.Network.Id.Value, out var cycle) && cycle.Began >= when);

    /// <summary>Every network has been compared since trouble ended: L6.</summary>
    public void CheckSettled(TimeSpan since)
    {
        if (!HasComparedSince(since))
            throw new AuditException("L6", $"no whole comparison of all networks began since {since}");
        foreach (var network in world.Networks)
        foreach (var token in network.Network.Tokens)
            CheckSum(network, token, [.. AddressesOn(network)]);
    }

    /// <summary>Token by token and address by address, and then all together as the invariant says it.</summary>
    private void CheckSum(SimNetwork network, Token token, IReadOnlyList<string> addresses)
    {
        var compared = _finished[network.Network.Id.Value].Settled;
        var open = _known
            .Values.Where(i => (i.State, i.Network, i.Contract) == ("open", network.Network.Id.Value, token.Contract))
            .ToDictionary(i => i.Address);
        var (told, held, isQuiet) = (BigInteger.Zero, BigInteger.Zero, true);
        foreach (var address in addresses)
        {
            var (stolen, newest) = (Stolen(network, token, address, compared), Stolen(network, token, address));
            var item = open.GetValueOrDefault(address)?.Atoms ?? 0;
            // What is stolen while the comparison goes on is in it or in the next.
            if (item < stolen || item > newest)
                throw new AuditException(
                    "L6",
                    $"{stolen} of {token.Asset} are stolen from {address} on {network.Network.Id}, and {item} are told"
                );
            isQuiet &= stolen == newest;
            told += item;
            held += Held(network, token, address, compared);
        }
        var booked = world.Auditor.Ledger.Deposits(network, token) - CameLater(network, token, addresses, compared);
        if (isQuiet && booked - told != held)
            throw new AuditException(
                "L6",
                $"the ledger has {booked} of {token.Asset} on {network.Network.Name}, {told} are told to be missing, and our addresses hold {held}"
            );
    }

    /// <summary>An item tells what truly is missing in the block that it speaks of.</summary>
    private void CheckOpen(ItemRow item)
    {
        var network = NetworkOf(item);
        if (item.Height > SimFamilies.HeightOf(network, network.HighestFinal))
            throw new AuditException("L6", $"{Words(item)} is of a block that is not final");
        var height = SimFamilies.IndexOf(network, item.Height);
        // A node of TRON answers for its solidified block and does not say which that is.
        var lowest = network.Network.Family == ChainFamily.Tron ? Math.Max(0, height - Vague) : height;
        var isTrue = item.Kind == "missing" && item.Ledger > item.Chain;
        for (var at = lowest; isTrue && at <= height; at++)
            if (Stolen(item, at) == item.Atoms)
                return;
        throw new AuditException("L6", $"{Words(item)} is open, and {Stolen(item, height)} are gone");
    }

    private BigInteger Stolen(ItemRow item, long height)
    {
        var network = NetworkOf(item);
        return Stolen(network, network.Network.Tokens.First(t => t.Contract == item.Contract), item.Address, height);
    }

    /// <summary>What left an address for none of ours, in final blocks up to a height.</summary>
    private BigInteger Stolen(SimNetwork network, Token token, string address, long height = long.MaxValue) =>
        Sum(network.MovementsFrom(address), token, height, m => !world.Auditor.Transfers.IsOurs(m.To));

    private static BigInteger Held(SimNetwork network, Token token, string address, long height) =>
        Sum(network.MovementsTo(address), token, height, _ => true)
        - Sum(network.MovementsFrom(address), token, height, _ => true);

    /// <summary>What the ledger has got since.</summary>
    private BigInteger CameLater(SimNetwork network, Token token, IReadOnlyList<string> addresses, long height) =>
        addresses
            .SelectMany(network.MovementsTo)
            .Where(m => m.Block.Height > height && world.Auditor.Ledger.IsRecordedFinal(m.Movement, network))
            .Where(m => m.Movement.Contract == token.Contract && !world.Auditor.Transfers.IsOurs(m.Movement.From))
            .Aggregate(BigInteger.Zero, (sum, m) => sum + m.Movement.Atoms);

    private static BigInteger Sum(
        IEnumerable<(Testing.Nodes.StubBlock Block, TrueMovement Movement)> movements,
        Token token,
        long height,
        Func<TrueMovement, bool> isMeant
    ) =>
        movements
            .Where(m => m.Movement.Contract == token.Contract && m.Block.Height <= height && isMeant(m.Movement))
            .Aggregate(BigInteger.Zero, (sum, m) => sum + m.Movement.Atoms);

    /// <summary>Every address of ours in the network's family: on EVM networks one address is on all of them.</summary>
    private IEnumerable<string> AddressesOn(SimNetwork network) =>
        rows.List("select distinct network, address from deposit_addresses", r => (r.GetString(0), r.GetString(1)))
            .Where(a =>
                world.Networks.First(n => n.Network.Id.Value == a.Item1).Network.Family == network.Network.Family
            )
            .Select(a => a.Item2)
            .Distinct();

    private SimNetwork NetworkOf(ItemRow item) => world.Networks.First(n => n.Network.Id.Value == item.Network);

    private static string Words(ItemRow item) =>
        $"{item.Id} ({item.Kind} {item.Atoms} of {item.Contract} at {item.Address}, block {item.Height})";
}
