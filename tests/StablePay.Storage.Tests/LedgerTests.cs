using CsCheck;

namespace StablePay.Storage.Tests;

public sealed class LedgerTests(TestCluster cluster) : StorageTest(cluster)
{
    [Heavy]
    [Theory, OnBoth]
    public async Task Running_totals_equal_the_sum_of_the_entries_for_any_amounts(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        // Near the limbs' borders, near the types' borders, and anything below 2^120.
        UInt128[] borders =
        [
            0,
            1,
            9_999_999_999_999,
            10_000_000_000_000,
            (UInt128)10_000_000_000_000 * 10_000_000_000_000 - 1,
            ulong.MaxValue,
        ];
        var amounts = Gen.OneOf(
            Gen.Int[0, borders.Length - 1].Select(i => borders[i]),
            Gen.Select(Gen.ULong, Gen.ULong, (a, b) => ((UInt128)(a >> 8) << 64) | b)
        ).List[1, 12];
        await amounts.SampleAsync(
            async list =>
            {
                var session = Sample.Session();
                var commit = new Commit();
                UInt128 sum = 0;
                foreach (var (i, amount) in list.Index())
                {
                    var transfer = Sample.Transfer(session, Sample.Id<TransferId>().Value, i) with
                    {
                        Amount = new TokenAmount(Sample.Usdt, amount),
                    };
                    commit.Add(Chart.TransferFinal(transfer, Sample.Now));
                    sum += amount;
                }
                await DoneAsync(database, commit);
                var account = LedgerAccount.StoreBalance(session.Store);
                (await database.Ledger.BalanceAsync(account, Sample.Usdt, default)).ShouldBe(new Balance(0, sum));
                var entries = await database.Ledger.EntriesAsync(session.Store, default);
                entries.Count.ShouldBe(list.Count);
            },
            iter: 60,
            threads: 1
        );
    }

    [Theory, OnBoth]
    public async Task Total_that_would_leave_128_bits_is_refused_and_nothing_is_written(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var session = Sample.Session();
        Commit Final(string hash, UInt128 atoms) =>
            new Commit().Add(
                Chart.TransferFinal(
                    Sample.Transfer(session, hash) with
                    {
                        Amount = new TokenAmount(Sample.Usdt, atoms),
                    },
                    Sample.Now
                )
            );
        await DoneAsync(database, Final("0x1", UInt128.MaxValue - 1));
        await DoneAsync(database, Final("0x2", 1));
        await Should.ThrowAsync<InvariantBrokenException>(RunAsync(database, Final("0x3", 1)));
        var account = LedgerAccount.StoreBalance(session.Store);
        (await database.Ledger.BalanceAsync(account, Sample.Usdt, default)).Credits.ShouldBe(UInt128.MaxValue);
        (await database.Ledger.EntriesAsync(session.Store, default)).Count.ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task Entries_read_back_and_network_accounts_are_summed_from_them(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var session = Sample.Session();
        var counted = Chart.TransferFinal(Sample.Transfer(session, "0x1"), Sample.Now);
        var wrong = Chart.TransferFinal(
            Sample.Transfer(session, "0x2") with
            {
                Class = TransferClass.Unattributed,
            },
            Sample.Now + TimeSpan.FromSeconds(1)
        );
        await DoneAsync(database, new Commit().Add(counted).Add(wrong));
        (await database.Ledger.EntriesAsync(session.Store, default)).ShouldBeSameAs([counted, wrong]);
        var amount = Sample.Transfer(session).Amount.Atoms;
        (await database.Ledger.BalanceAsync(LedgerAccount.Deposits(Sample.Ethereum), Sample.Usdt, default)).ShouldBe(
            new Balance(amount * 2, 0)
        );
        (await database.Ledger.BalanceAsync(LedgerAccount.StoreSuspense(session.Store), Sample.Usdt, default)).ShouldBe(
            new Balance(0, amount)
        );
        (
            await database.Ledger.BalanceAsync(
                LedgerAccount.StoreBalance(session.Store),
                Sample.Usdt with
                {
                    Asset = Asset.Usdc,
                    Contract = "other",
                },
                default
            )
        ).ShouldBe(default);
    }

    [Heavy]
    [Theory, OnBoth]
    public async Task Totals_are_exact_when_many_nodes_add_to_one_account(string provider)
    {
        await using var test = await CreateAsync(provider);
        var first = await test.OpenAsync();
        List<Database> nodes = test.IsSqlite ? [first] : [first, await test.OpenAsync(), await test.OpenAsync()];
        var session = Sample.Session();
        await Task.WhenAll(
            Enumerable
                .Range(1, 300)
                .Select(i =>
                    Task.Run(() =>
                        RunAsync(
                            nodes[i % nodes.Count],
                            new Commit().Add(
                                Chart.TransferFinal(
                                    Sample.Transfer(session, $"0x{i}") with
                                    {
                                        Amount = new TokenAmount(Sample.Usdt, (UInt128)i),
                                    },
                                    Sample.Now
                                )
                            )
                        )
                    )
                )
        );
        (
            await first.Ledger.BalanceAsync(LedgerAccount.StoreBalance(session.Store), Sample.Usdt, default)
        ).Credits.ShouldBe((UInt128)45150);
    }
}
