using System.Numerics;
using StablePay.Simulation.World;

namespace StablePay.Simulation.Auditing;

/// <summary>L1 to L7: entries balance, are never changed, have one cause each, and add up to what came.</summary>
internal sealed class LedgerAudit(Rows rows)
{
    private const string Postings = """
        select p.account, p.token_id, p.side = 'debit', p.atoms, p.cause from postings p where
        """;

    private readonly Dictionary<(string Account, string Token), (BigInteger Debits, BigInteger Credits)> _sums = [];
    private readonly HashSet<string> _causes = [];
    private readonly HashSet<long> _balances = [];
    private readonly HashSet<string> _entries = [];

    public void Look(RowChange change)
    {
        var entry = rows.One(
            "select id, cause, store_id from ledger_entries where rowid = @p0",
            r => (r.GetString(0), r.GetString(1), r.GetString(2)).ToTuple(),
            change.Row
        );
        if (entry is not ({ } id, { } cause, { } store) || !_entries.Add(id))
            return;
        var postings = Read(" p.entry_id = @p0", id);
        CheckEntry(id, cause, postings);
        if (!_causes.Add(cause))
            throw new AuditException("L7", $"two entries have the cause {cause}");
        CheckCause(cause, store, postings);
        foreach (var posting in postings)
            Add(posting);
    }

    public void LookAtBalance(RowChange change) => _balances.Add(change.Row);

    /// <summary>Balances that the step changed, when all its postings are known.</summary>
    public void Settle()
    {
        foreach (var row in _balances)
            CheckBalance(row);
        _balances.Clear();
    }

    public void Reload()
    {
        _sums.Clear();
        _causes.Clear();
        _balances.Clear();
        _entries.Clear();
        foreach (
            var (id, cause) in rows.List("select id, cause from ledger_entries", r => (r.GetString(0), r.GetString(1)))
        )
        {
            _entries.Add(id);
            _causes.Add(cause);
        }
        foreach (var posting in Read(" true"))
            Add(posting);
    }

    /// <summary>L6: the ledger holds what truly came to our addresses, token by token; and every running total stands.</summary>
    public void CheckSettled(SimWorld world)
    {
        foreach (var row in rows.List("select rowid from ledger_balances", r => r.GetInt64(0)))
            CheckBalance(row);
        var sessions = rows.List("select distinct session_id from deposit_addresses", r => r.GetString(0));
        foreach (var network in world.Networks)
        foreach (var token in network.Network.Tokens)
        {
            var held = Deposits(network, token);
            var came = BigInteger.Zero;
            foreach (var session in sessions)
            foreach (var (on, block, movement, of) in world.Auditor.Transfers.TrueMovements(session))
                if (
                    on == network
                    && of == token
                    && !world.Auditor.Transfers.IsOurs(movement.From)
                    && IsRecordedFinal(movement, network)
                )
                    came += (BigInteger)movement.Atoms;
            if (held != came)
                throw new AuditException(
                    "L6",
                    $"the ledger has {held} of {token.Asset} on {network.Network.Name}, the chain {came}"
                );
        }
    }

    /// <summary>What the ledger says that the addresses of a network hold.</summary>
    public BigInteger Deposits(SimNetwork network, Token token)
    {
        var account = $"network:{network.Network.Id}:deposits";
        return _sums
            .Where(s => s.Key.Account == account && s.Key.Token.EndsWith(token.Contract, StringComparison.Ordinal))
            .Select(s => s.Value.Debits - s.Value.Credits)
            .FirstOrDefault();
    }

    public bool IsRecordedFinal(TrueMovement movement, SimNetwork network) =>
        rows.Number(
            "select count(*) from transfers where tx_hash = @p0 and network = @p1 and position = @p2 and state = 'final'",
            movement.Hash,
            network.Network.Id.Value,
            movement.Position
        ) > 0;

    private static void CheckEntry(string id, string cause, List<PostingRow> postings)
    {
        if (postings.Count < 2)
            throw new AuditException("L2", $"{id} ({cause}) has {postings.Count} postings");
        foreach (var token in postings.GroupBy(p => p.Token))
            if (token.Aggregate(BigInteger.Zero, (sum, p) => sum + (p.IsDebit ? p.Atoms : -p.Atoms)) != 0)
                throw new AuditException("L2", $"{id} ({cause}) does not balance in {token.Key}");
        if (postings.Any(p => p.Atoms <= 0 || p.Atoms >= BigInteger.One << 256))
            throw new AuditException("L8", $"{id} has a posting of nothing");
    }

    private void CheckCause(string cause, string store, List<PostingRow> postings)
    {
        var transfer = cause.StartsWith("transfer_final:", StringComparison.Ordinal)
            ? rows.One(TransferRow.Sql + " id = @p0", TransferRow.Read, cause["transfer_final:".Length..])
            : null;
        if (transfer is not { State: "final" } || transfer.Class == "internal")
            throw new AuditException("L7", $"{cause} is no fact that makes an entry");
        if (postings.Any(p => p.Atoms != transfer.Atoms) || transfer.Store != store)
            throw new AuditException("L7", $"the entry of {cause} has another amount or store");
        var credit = transfer.Class is "counted" or "late" ? $"store:{store}:balance" : $"store:{store}:suspense";
        if (postings.All(p => p.IsDebit || p.Account != credit))
            throw new AuditException("L7", $"{cause} ({transfer.Class}) is not credited to {credit}");
    }

    private void CheckBalance(long row)
    {
        var found = rows.One(
            "select account, token_id, debits, credits from ledger_balances where rowid = @p0",
            r => (r.GetString(0), r.GetString(1), SessionRow.Big(r, 2), SessionRow.Big(r, 3)).ToTuple(),
            row
        );
        if (found is not ({ } account, { } token, var debits, var credits))
            return;
        if (_sums.GetValueOrDefault((account, token)) != (debits, credits))
            throw new AuditException("L4", $"the running total of {account} is not the sum of its postings");
        if (debits > credits)
            throw new AuditException("L5", $"{account} is below zero");
    }

    private List<PostingRow> Read(string where, params ReadOnlySpan<object> values) =>
        rows.List(
            Postings + where,
            r => new PostingRow(r.GetString(0), r.GetString(1), r.GetBoolean(2), SessionRow.Big(r, 3), r.GetString(4)),
            values
        );

    private void Add(PostingRow posting)
    {
        var (debits, credits) = _sums.GetValueOrDefault((posting.Account, posting.Token));
        _sums[(posting.Account, posting.Token)] = posting.IsDebit
            ? (debits + posting.Atoms, credits)
            : (debits, credits + posting.Atoms);
    }
}
