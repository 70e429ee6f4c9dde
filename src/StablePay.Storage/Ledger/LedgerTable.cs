namespace StablePay.Storage;

/// <summary>
/// Tables <c>ledger_entries</c>, <c>postings</c> and <c>ledger_balances</c>. Entries are only ever added.
/// </summary>
public sealed class LedgerTable
{
    private static readonly CommitResult Known = new CommitResult.Duplicate("ledger");
    private readonly Db _db;

    internal LedgerTable(Db db) => _db = db;

    /// <summary>The running totals of a store's account, or the sums of any other account's postings.</summary>
    public async Task<Balance> BalanceAsync(LedgerAccount account, Token token, CancellationToken ct)
    {
        if (account.HasRunningTotal)
        {
            var totals = await _db.ListAsync(
                $"""
                select debits, credits from ledger_balances where account = {account.Name} and token_id = {token.Id}
                """,
                row => new Balance(row.Amount(), row.Amount()),
                ct
            );
            return totals.Count == 0 ? default : totals[0];
        }
        var postings = await _db.ListAsync(
            $"select side, atoms from postings where account = {account.Name} and token_id = {token.Id}",
            row => (Side: Names.Read<Side>(row.Text(), Names.Of), Atoms: row.Amount()),
            ct
        );
        return postings.Aggregate(
            default(Balance),
            (sum, p) =>
                p.Side == Side.Debit
                    ? sum with
                    {
                        Debits = checked(sum.Debits + p.Atoms),
                    }
                    : sum with
                    {
                        Credits = checked(sum.Credits + p.Atoms),
                    }
        );
    }

    /// <summary>The running totals of a store's account by the token's id; tokens it never had are absent.</summary>
    public async Task<IReadOnlyDictionary<string, Balance>> TotalsAsync(LedgerAccount account, CancellationToken ct) =>
        (
            await _db.ListAsync(
                $"select token_id, debits, credits from ledger_balances where account = {account.Name}",
                row => (Token: row.Text(), Totals: new Balance(row.Amount(), row.Amount())),
                ct
            )
        ).ToDictionary(t => t.Token, t => t.Totals);

    /// <summary>Every entry of a store, oldest first. Reading checks again that each one balances.</summary>
    public async Task<IReadOnlyList<LedgerEntry>> EntriesAsync(StoreId store, CancellationToken ct)
    {
        var rows = await _db.ListAsync(
            $"""
            select e.id, e.cause, e.store_id, e.at_ms, p.account, p.side, p.network, p.asset, p.contract, p.decimals,
                p.atoms
            from ledger_entries e join postings p on p.entry_id = e.id
            where e.store_id = {store} order by e.at_ms, e.id, p.side desc, p.account
            """,
            row => (Entry: (row.Id<EntryId>(), row.Text(), row.Id<StoreId>(), row.Time()), Posting: ReadPosting(row)),
            ct
        );
        return
        [
            .. rows.GroupBy(r => r.Entry, r => r.Posting)
                .Select(g => new LedgerEntry(g.Key.Item1, g.Key.Item2, g.Key.Item3, g.Key.Item4, [.. g])),
        ];
    }

    internal static void Add(List<Statement> statements, LedgerEntry entry)
    {
        statements.Add(
            Statement.Of(
                $"""
                insert into ledger_entries (id, cause, store_id, at_ms)
                values ({entry.Id}, {entry.Cause}, {entry.Store}, {entry.At})
                on conflict do nothing
                """,
                Known
            )
        );
        // Totals are locked in one order by everyone.
        foreach (var posting in entry.Postings.OrderBy(p => p.Account.Name, StringComparer.Ordinal))
        {
            var token = posting.Amount.Token;
            statements.Add(
                Statement.Of(
                    $"""
                    insert into postings
                        (entry_id, cause, account, token_id, network, asset, contract, decimals, side, atoms)
                    values ({entry.Id}, {entry.Cause}, {posting.Account.Name}, {token.Id}, {token.Network},
                        {token.Asset.Code}, {token.Contract}, {(long)token.Decimals}, {Names.Of(posting.Side)},
                        {posting.Amount.Atoms})
                    on conflict do nothing
                    """,
                    Known
                )
            );
            if (posting.Account.HasRunningTotal)
                statements.Add(AddToTotal(posting));
        }
    }

    private static Statement AddToTotal(Posting posting)
    {
        var (debit, credit) =
            posting.Side == Side.Debit ? (posting.Amount.Atoms, UInt128.Zero) : (UInt128.Zero, posting.Amount.Atoms);
        return Statement.Of(
            $"""
            insert into ledger_balances (account, token_id, debits, credits)
            values ({posting.Account.Name}, {posting.Amount.Token.Id}, {debit}, {credit})
            on conflict (account, token_id) do update set
                debits = {Sum($"ledger_balances.debits", $"excluded.debits")},
                credits = {Sum($"ledger_balances.credits", $"excluded.credits")}
            """,
            null
        );
    }

    /// <summary>
    /// Adds two amounts of 39 digits inside SQL: neither database has a 128-bit integer, so three parts of 13 digits
    /// are added with their carries. The sum of two amounts below 2^128 has at most 39 digits, and the column's CHECK
    /// refuses one that is not below 2^128 any more.
    /// </summary>
    private static Sql Sum(Sql a, Sql b)
    {
        // The positions are literals: as parameters they would be 64-bit numbers, which PostgreSQL's substr refuses.
        Sql Low(Sql amount) => $"cast(substr({amount}, 27, 13) as bigint)";
        Sql Middle(Sql amount) => $"cast(substr({amount}, 14, 13) as bigint)";
        Sql High(Sql amount) => $"cast(substr({amount}, 1, 13) as bigint)";
        Sql low = $"({Low(a)} + {Low(b)})";
        Sql middle = $"({Middle(a)} + {Middle(b)} + {low} / 10000000000000)";
        Sql high = $"({High(a)} + {High(b)} + {middle} / 10000000000000)";
        Sql Padded(Sql number) =>
            $"substr('0000000000000' || cast({number} as text), length(cast({number} as text)) + 1, 13)";
        return $"{Padded(high)} || {Padded($"{middle} % 10000000000000")} || {Padded($"{low} % 10000000000000")}";
    }

    private static Posting ReadPosting(Row row)
    {
        var account = new LedgerAccount(row.Text());
        var side = Names.Read<Side>(row.Text(), Names.Of);
        var token = new Token(row.Network(), new Asset(row.Text()), row.Text(), row.Small());
        return new Posting(account, side, new TokenAmount(token, row.Amount()));
    }
}
