using System.Numerics;
using StablePay.Simulation.Workloads;
using StablePay.Simulation.World;
using StablePay.Testing.Nodes;

namespace StablePay.Simulation.Auditing;

/// <summary>
/// T1 to T8, W1 to W4, A1, A2: what is credited is on the true chain, once; what is there is credited; addresses belong
/// to one session for ever.
/// </summary>
internal sealed class TransferAudit(SimWorld world, Rows rows)
{
    private static readonly Dictionary<string, string[]> Moves = new()
    {
        ["included"] = ["accepted", "final", "orphaned"],
        ["accepted"] = ["final", "orphaned"],
        ["orphaned"] = ["included"],
        ["final"] = [],
    };

    private readonly Dictionary<string, TransferRow> _known = [];

    /// <summary>Whose an address is: ever since it was issued, whatever became of the database.</summary>
    private readonly Dictionary<(string Network, string Address), string> _issued = [];
    private readonly Dictionary<(ChainFamily Family, long Index), string> _indexes = [];
    private readonly HashSet<string> _ours = [];
    private readonly Dictionary<string, long> _final = [];

    public bool IsOurs(string address) => _ours.Contains(address);

    public int Finals => _known.Values.Count(t => t.State == "final");

    /// <summary>How many were accepted before they were final.</summary>
    public int Acceptances { get; private set; }

    public void Look(RowChange change, SessionAudit sessions)
    {
        if (change.Action == RowAction.Delete)
            throw new AuditException("T8", "a transfer was deleted");
        if (rows.One(TransferRow.Sql + " rowid = @p0", TransferRow.Read, change.Row) is not { } now)
            return;
        sessions.Touch(now.Session);
        if (_known.TryGetValue(now.Id, out var before) && before != now)
            CheckMove(before, now);
        if (now.State == "final" && before?.State != "final")
            CheckCredit(now);
        if (now.State == "accepted" && before?.State != "accepted")
            Acceptances++;
        if (_ours.Contains(now.From) != (now.Class == "internal"))
            throw new AuditException("T7", $"{now.Id} is {now.Class} and comes from {now.From}");
        _known[now.Id] = now;
    }

    public void LookAtAddress(RowChange change)
    {
        if (change.Action != RowAction.Insert)
            throw new AuditException("A1", "an issued address was changed or deleted");
        var found = rows.One(
            "select network, address, session_id, address_index from deposit_addresses where rowid = @p0",
            r =>
                (
                    Network: r.GetString(0),
                    Address: r.GetString(1),
                    Session: r.GetString(2),
                    Index: r.GetInt64(3)
                ).ToTuple(),
            change.Row
        );
        if (found is not ({ } network, { } address, { } session, var index))
            return;
        Issue(network, address, session);
        var family = NetworkOf(network).Network.Family;
        if (_indexes.TryGetValue((family, index), out var other) && other != session)
            throw new AuditException("A1", $"index {index} was issued to {other} and to {session}");
        _indexes[(family, index)] = session;
        if (SimKeys.Of(family).AddressAt(index) != address)
            throw new AuditException("A2", $"{address} is not the address of index {index}");
    }

    /// <summary>The address that a payer sees is the one that is watched.</summary>
    public void Shown(Shown shown)
    {
        Issue(shown.Network.Value, shown.Address, shown.Session.Value);
        // A process may have died, or a backup have been put back, between the answer and now.
        var row = rows.One(
            "select session_id from deposit_addresses where network = @p0 and address = @p1",
            r => r.GetString(0),
            shown.Network.Value,
            shown.Address
        );
        var session = rows.Number("select count(*) from checkout_sessions where id = @p0", shown.Session.Value);
        if (session > 0 && row != shown.Session.Value)
            throw new AuditException("A2", $"{shown.Address} is shown to {shown.Session} and belongs to {row}");
        if (rows.One(SessionRow.Sql + " id = @p0", SessionRow.Read, shown.Session.Value) is { } known)
            CheckAsked(shown.Due, known);
    }

    /// <summary>F1: what is asked for covers the price, in whole cents of the coin, and a cent less does not.</summary>
    private static void CheckAsked(TokenAmount asked, SessionRow session)
    {
        var token = asked.Token;
        BigInteger WorthOf(UInt128 atoms) => session.WorthOf(atoms, token.Decimals, token.Asset.Code);
        if (
            asked.Atoms % token.AtomsPerCent != 0
            || WorthOf(asked.Atoms) < session.Due
            || WorthOf(asked.Atoms - token.AtomsPerCent) >= session.Due
        )
            throw new AuditException("F1", $"{session.Id} asks for {asked}, which is not what its price comes to");
    }

    public void LookAtLocator(RowChange change)
    {
        var found = rows.One(
            "select network, tip_height, tip_hash, final_height from block_locators where rowid = @p0",
            r => (r.GetString(0), r.GetInt64(1), r.GetString(2), r.GetInt64(3)).ToTuple(),
            change.Row
        );
        if (found is not ({ } network, var height, { } hash, var final))
            return;
        var truth = NetworkOf(network);
        if (SimFamilies.EverAt(truth, height, hash) is null)
            throw new AuditException(
                "W2",
                $"the cursor of {network} stands on a block that never was: {height} {hash}"
            );
        if (final > SimFamilies.HeightOf(truth, truth.HighestFinal))
            throw new AuditException("W1", $"{network} calls {final} final, the chain only {truth.HighestFinal}");
        if (final < _final.GetValueOrDefault(network))
            throw new AuditException("W1", $"what is final on {network} went back");
        _final[network] = final;
    }

    public void Reload()
    {
        _known.Clear();
        _final.Clear();
        // Whose an address was that was issued after the backup, nobody knows any more; it is never issued again (A1).
        _ours.Clear();
        _ours.UnionWith(rows.List("select address from deposit_addresses", r => r.GetString(0)));
        foreach (var transfer in rows.List(TransferRow.Sql + " true", TransferRow.Read))
            _known[transfer.Id] = transfer;
    }

    /// <summary>What truly came to a session in its time, in the coins that it was shown with, final by now.</summary>
    public BigInteger TrueWorthInTime(SessionRow session)
    {
        var sum = BigInteger.Zero;
        foreach (var (network, block, movement, token) in TrueMovements(session.Id))
        {
            var inTime = block.Time <= new Instant(session.ExpiresAt).UnixSeconds;
            var isChosen = session.Choices.Contains(movement.Contract, StringComparison.Ordinal);
            var isDust = movement.Atoms < token.AtomsPerCent;
            if (inTime && isChosen && !isDust && !_ours.Contains(movement.From))
                sum += session.WorthOf(movement.Atoms, token.Decimals, token.Asset.Code);
        }
        return sum;
    }

    /// <summary>T3, T4, W4: every true transfer to us has exactly one record, credited.</summary>
    public void CheckSettled()
    {
        foreach (var network in world.Networks)
        foreach (var process in world.Processes)
        {
            var known = process.Engine?.Networks.FinalHeightOf(network.Network.Id) ?? 0;
            var behind = SimFamilies.HeightOf(network, network.SettledHeight) - known;
            if (behind > 0)
                throw new AuditException(
                    "W4",
                    $"{process.Name} is still {behind} behind what is final on {network.Network.Name}, and has read up to "
                        + $"{process.Engine?.Networks.HeightOf(network.Network.Id)} of {SimFamilies.HeightOf(network, network.Truth.Tip.Height)}"
                );
        }
        var records = rows.List(TransferRow.Sql + " true", TransferRow.Read);
        var byIdentity = records.ToLookup(t => (t.Network, t.Hash, t.Position));
        var sessions = rows.List("select distinct session_id from deposit_addresses", r => r.GetString(0));
        var credited = 0;
        foreach (var session in sessions)
        foreach (var (network, block, movement, _) in TrueMovements(session))
        {
            if (movement.Atoms == 0 || block.Height > network.SettledHeight)
                continue;
            var found = byIdentity[(network.Network.Id.Value, movement.Hash, movement.Position)].ToList();
            if (found is not [{ State: "final" } record])
                throw new AuditException(
                    "T3",
                    $"{movement.Hash} moved {movement.Atoms} to {movement.To} on {network.Network.Name}; there is {(found.Count == 0 ? "no record" : "a record that is " + found[0].State)}"
                );
            if (record.Atoms != (BigInteger)movement.Atoms || record.Session != session)
                throw new AuditException("T4", $"{record.Id} has {record.Atoms} of {record.Session}");
            credited++;
        }
        var open = records.FirstOrDefault(t => t.IsOpen && IsLongFinal(t));
        if (open is not null)
            throw new AuditException("T3", $"{open} is still {open.State} in a block that is final");
    }

    /// <summary>Every movement of a pinned token to an address of a session, in final blocks of the true chains.</summary>
    public IEnumerable<(SimNetwork Network, StubBlock Block, TrueMovement Movement, Token Token)> TrueMovements(
        string session
    )
    {
        var addresses = rows.List(
                "select network, address from deposit_addresses where session_id = @p0",
                r => (Family: NetworkOf(r.GetString(0)).Network.Family, Address: r.GetString(1)),
                session
            )
            .ToHashSet();
        foreach (var network in world.Networks)
        foreach (var address in addresses.Where(a => a.Family == network.Network.Family).Select(a => a.Address))
        foreach (var (block, movement) in network.MovementsTo(address))
            if (
                network.Network.Tokens.FirstOrDefault(t => t.Contract == movement.Contract) is
                { Contract: not null } token
            )
                yield return (network, block, movement, token);
    }

    private bool IsLongFinal(TransferRow transfer)
    {
        var network = NetworkOf(transfer.Network);
        return transfer.Height <= SimFamilies.HeightOf(network, network.SettledHeight);
    }

    private static void CheckMove(TransferRow before, TransferRow now)
    {
        if (before.State == "final")
            throw new AuditException("T8", $"{now.Id} was final and changed");
        if (now.Version <= before.Version)
            throw new AuditException("S1", $"{now.Id} changed without a new version");
        var reached = new HashSet<string> { before.State };
        for (var i = 0; i < Math.Min(now.Version - before.Version, 4); i++)
            reached.UnionWith(reached.ToList().SelectMany(s => Moves[s]));
        if (!reached.Contains(now.State))
            throw new AuditException("T6", $"{now.Id} went from {before.State} to {now.State}");
    }

    /// <summary>T2, T4: a final record is a movement in a block of the true chain that is final there.</summary>
    private void CheckCredit(TransferRow record)
    {
        var network = NetworkOf(record.Network);
        var block =
            SimFamilies.CanonicalAt(network, record.Height, record.BlockHash)
            ?? throw new AuditException("T2", $"{record.Id} is final in a block that is not on the chain");
        if (block.Height > network.HighestFinal)
            throw new AuditException(
                "T2",
                $"{record.Id} is final in block {block.Height}; final is {network.HighestFinal}"
            );
        if (block.Time * 1000 != record.BlockTime)
            throw new AuditException("T2", $"{record.Id} has another time than its block");
        var told = (record.Contract, record.From, record.To, record.Atoms);
        var inBlock = network.MovementsOf(block).Where(m => m.Hash == record.Hash && m.Position == record.Position);
        // On Solana who sent nothing is not to be seen: no balance became less.
        var hasSender = record.Atoms > 0 || network.Network.Family != ChainFamily.Solana;
        var isTrue = inBlock.Any(m =>
            (m.Contract, hasSender ? m.From : record.From, m.To, (BigInteger)m.Atoms) == told
        );
        if (!isTrue)
            throw new AuditException(
                "T2",
                $"{record.Id} is final as {told}, and in block {block.Height} of {network.Network.Name} is {string.Join(", ", inBlock)}"
            );
    }

    private void Issue(string network, string address, string session)
    {
        _ours.Add(address);
        if (_issued.TryGetValue((network, address), out var other) && other != session)
            throw new AuditException("A1", $"{address} was issued to {other} and to {session}");
        _issued[(network, address)] = session;
    }

    private SimNetwork NetworkOf(string id) => world.Networks.First(n => n.Network.Id.Value == id);
}
