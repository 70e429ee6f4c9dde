using System.Numerics;

namespace StablePay.Storage;

/// <summary>Debits and credits of one thing, added up without a bound.</summary>
/// <param name="Subject">An entry, an account or a network, as the question says.</param>
/// <param name="Token">The token's id, or its contract.</param>
public sealed record LedgerSum(string Subject, string Token, BigInteger Debits, BigInteger Credits)
{
    /// <summary>What is written down in place of the sums, where there is such a thing; else null.</summary>
    public (BigInteger Debits, BigInteger Credits)? Kept { get; init; }
}

/// <summary>
/// Sums over the whole ledger, for the nightly check of its invariants. Each is one statement, so that everything in it
/// is of one moment. Neither database adds 128 bits: amounts are added in five parts of eight digits, which together
/// hold more rows than there will be.
/// </summary>
public sealed class LedgerSums
{
    private const int Digits = 8;

    /// <summary>The arguments of substr, as literals: PostgreSQL refuses 64-bit parameters there.</summary>
    private static readonly Sql[] Cuts = [$"1, 7", $"8, 8", $"16, 8", $"24, 8", $"32, 8"];

    private static readonly (Sql Side, Sql[] Names)[] Sides =
    [
        ($"'debit'", [$"d0", $"d1", $"d2", $"d3", $"d4"]),
        ($"'credit'", [$"c0", $"c1", $"c2", $"c3", $"c4"]),
    ];

    private readonly Db _db;

    internal LedgerSums(Db db) => _db = db;

    /// <summary>All postings of each token; debits and credits are equal (L1).</summary>
    public Task<IReadOnlyList<LedgerSum>> ByTokenAsync(CancellationToken ct) =>
        _db.ListAsync(
            $"""
            select '', token_id, {Sums()}
            from postings group by token_id order by token_id
            """,
            Read,
            ct
        );

    /// <summary>
    /// Entries that do not balance in a token, or have fewer than two postings (L2). Their name is the entry's id.
    /// </summary>
    public async Task<IReadOnlyList<LedgerSum>> UnbalancedEntriesAsync(CancellationToken ct)
    {
        Sql differs = $"{Part(0, 0)} <> {Part(1, 0)}";
        for (var i = 1; i < Cuts.Length; i++)
            differs = $"{differs} or {Part(0, i)} <> {Part(1, i)}";
        var found = await _db.ListAsync(
            $"""
            select entry_id, token_id, {Sums()}
            from postings group by entry_id, token_id having {differs} order by entry_id, token_id
            """,
            Read,
            ct
        );
        var lonely = await _db.ListAsync(
            $"""
            select e.id from ledger_entries e left join postings p on p.entry_id = e.id
            group by e.id having count(p.entry_id) < 2 order by e.id
            """,
            row => new LedgerSum(row.Text(), "", 0, 0),
            ct
        );
        // Sums that differ in their parts may still be equal: a carry is missing.
        return [.. found.Where(s => s.Debits != s.Credits), .. lonely];
    }

    /// <summary>Running totals beside the sums of their postings, and where one of both is not there (L4).</summary>
    public async Task<IReadOnlyList<LedgerSum>> WrongTotalsAsync(CancellationToken ct)
    {
        var all = await _db.ListAsync(
            $"""
            select coalesce(b.account, p.account), coalesce(b.token_id, p.token_id), {Named()},
                b.debits, b.credits
            from ledger_balances b
            full join (
                select account, token_id, {Sums()} from postings where substr(account, 1, 6) = 'store:'
                group by account, token_id) p
                on p.account = b.account and p.token_id = b.token_id
            order by 1, 2
            """,
            row => Read(row) with { Kept = (Kept(row), Kept(row)) },
            ct
        );
        return [.. all.Where(s => s.Kept != (s.Debits, s.Credits))];
    }

    /// <summary>
    /// For each network and contract what final transfers brought, beside what the network's account of deposits was
    /// debited and credited: what is on chain by the ledger and by our transfers is the same (L6).
    /// </summary>
    public async Task<IReadOnlyList<LedgerSum>> DepositsAsync(CancellationToken ct)
    {
        var sums = await _db.ListAsync(
            $"""
            select 'ledger' as source, network, contract, {Sums()}
            from postings where account = 'network:' || network || ':deposits' group by network, contract
            union all
            select 'transfers', network, contract, {Sums()}
            from (
                select network, contract, atoms, 'debit' as side from transfers
                where state = 'final' and class <> 'internal') as came
            group by network, contract
            """,
            row => (Source: row.Text(), Sum: Read(row)),
            ct
        );
        return
        [
            .. sums.GroupBy(s => (s.Sum.Subject, s.Sum.Token))
                .Select(both =>
                {
                    var ledger = both.FirstOrDefault(s => s.Source == "ledger").Sum;
                    var came = both.FirstOrDefault(s => s.Source == "transfers").Sum;
                    return new LedgerSum(both.Key.Subject, both.Key.Token, came?.Debits ?? 0, 0)
                    {
                        Kept = (ledger?.Debits ?? 0, ledger?.Credits ?? 0),
                    };
                })
                .OrderBy(s => s.Subject, StringComparer.Ordinal)
                .ThenBy(s => s.Token, StringComparer.Ordinal),
        ];
    }

    /// <summary>The ten sums, each with its name.</summary>
    private static Sql Sums()
    {
        Sql all = $"{Column(0, 0)}";
        for (var i = 1; i < Sides.Length * Cuts.Length; i++)
            all = $"{all}, {Column(i / Cuts.Length, i % Cuts.Length)}";
        return all;
    }

    /// <summary>The same of a subquery p, which may have no row.</summary>
    private static Sql Named()
    {
        Sql all = $"coalesce(p.d0, 0)";
        foreach (var name in Sides.SelectMany(s => s.Names).Skip(1))
            all = $"{all}, coalesce(p.{name}, 0)";
        return all;
    }

    private static Sql Column(int side, int cut) => $"{Part(side, cut)} as {Sides[side].Names[cut]}";

    private static Sql Part(int side, int cut) =>
        $"""
            cast(sum(case when side = {Sides[side].Side} then cast(substr(atoms, {Cuts[cut]}) as bigint) else 0 end)
            as bigint)
            """;

    private static LedgerSum Read(Row row) => new(row.Text(), row.Text(), Joined(row), Joined(row));

    private static BigInteger Joined(Row row)
    {
        var sum = BigInteger.Zero;
        for (var i = 0; i < Cuts.Length; i++)
            sum = (sum * BigInteger.Pow(10, Digits)) + row.Number();
        return sum;
    }

    private static BigInteger Kept(Row row) => row.TextOrNull() is { } digits ? (BigInteger)Amounts.Parse(digits) : 0;
}
