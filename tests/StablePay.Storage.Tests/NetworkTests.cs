namespace StablePay.Storage.Tests;

public sealed class NetworkTests(TestCluster cluster) : StorageTest(cluster)
{
    [Theory, OnBoth]
    public async Task Transfer_reads_back_and_changes_only_by_its_version_until_it_is_final(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var session = Sample.Session();
        var transfer = Sample.Transfer(session) with { Amount = new TokenAmount(Sample.Usdt, UInt128.MaxValue) };
        await DoneAsync(database, new Commit().Insert(session).Insert(transfer));
        (await database.Transfers.FindAsync(transfer.Id, default)).ShouldBe(transfer);

        var orphaned = TransferMachine.Orphan(transfer);
        await DoneAsync(database, new Commit().Update(transfer, orphaned));
        (await RunAsync(database, new Commit().Update(transfer, orphaned))).ShouldBe(
            new CommitResult.Stale(transfer.Id.Value)
        );
        var other = new Token(Sample.Ethereum, Asset.Usdc, "sandboxUSDC", 18);
        var seenAgain = transfer with
        {
            Amount = new TokenAmount(other, 1),
            From = "f",
            To = "t",
            Block = new BlockRef(101, "0xnew"),
            BlockTime = Sample.Now + TimeSpan.FromSeconds(12),
            Class = TransferClass.Unattributed,
        };
        var again = TransferMachine.Reinclude(orphaned, seenAgain);
        await DoneAsync(database, new Commit().Update(orphaned, again));
        (await database.Transfers.FindAsync(transfer.Id, default)).ShouldBe(again);
        var final = TransferMachine.Finalize(again);
        await DoneAsync(database, new Commit().Update(again, final));
        (
            await RunAsync(
                database,
                new Commit().Update(final, final with { State = TransferState.Orphaned, Version = final.Version + 1 })
            )
        ).IsDone.ShouldBeFalse();
        (await database.Transfers.FindAsync(transfer.Id, default)).ShouldBe(final);
    }

    [Theory, OnBoth]
    public async Task Transfers_are_listed_by_session_and_by_height_when_included(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var session = Sample.Session();
        var transfers = Enumerable
            .Range(1, 9)
            .Select(i =>
                Sample.Transfer(session, $"0x{i}", height: i) with
                {
                    SeenAt = Sample.Now + TimeSpan.FromSeconds(10 - i),
                    State =
                        i % 3 == 0 ? TransferState.Final
                        : i % 3 == 1 ? TransferState.Included
                        : TransferState.Orphaned,
                }
            )
            .ToList();
        await DoneAsync(database, transfers.Aggregate(new Commit().Insert(session), (c, t) => c.Insert(t)));

        (await database.Transfers.ListBySessionAsync(session.Id, default)).ShouldBe(transfers.AsEnumerable().Reverse());
        (await database.Transfers.ListOpenAboveAsync(Sample.Ethereum, 4, default)).ShouldBe([transfers[6]]);
        (await database.Transfers.ListOpenUpToAsync(Sample.Ethereum, 4, default)).ShouldBe([
            transfers[0],
            transfers[3],
        ]);
        (await database.Transfers.ListOpenUpToAsync(new NetworkId("sandbox:bsc"), 4, default)).ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Locator_and_quarantine_read_back_as_written_last(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        (await database.Locators.FindAsync(Sample.Ethereum, default)).ShouldBeNull();
        var locator = new BlockLocator(Sample.Ethereum, new BlockRef(10, "0xa"), Sample.Now, -1, []);
        await DoneAsync(database, new Commit().Move(locator));
        (await database.Locators.FindAsync(Sample.Ethereum, default)).ShouldBeSameAs(locator);
        var moved = locator with
        {
            Tip = new BlockRef(11, "0xb"),
            FinalHeight = 4,
            Ancestors = [new(10, "0xa"), new(8, "x:y"), new(4, "0xc")],
        };
        await DoneAsync(database, new Commit().Move(moved));
        (await database.Locators.FindAsync(Sample.Ethereum, default)).ShouldBeSameAs(moved);

        var odd = new QuarantinedTransfer("0xt", 3, "more than exists");
        for (var i = 0; i < 2; i++)
            await DoneAsync(
                database,
                new Commit().Quarantine(Sample.Ethereum, locator.Tip, odd, Sample.Now + TimeSpan.FromSeconds(i))
            );
        (await database.Transfers.ListQuarantinedAsync(Sample.Ethereum, 10, default)).ShouldBe([
            new QuarantineEntry(Sample.Ethereum, locator.Tip, odd, Sample.Now),
        ]);
    }

    [Heavy]
    [Theory, OnBoth]
    public async Task A1_address_index_is_handed_out_once_when_many_reserve_and_never_goes_down(string provider)
    {
        await using var test = await CreateAsync(provider);
        var first = await test.OpenAsync();
        List<Database> nodes = test.IsSqlite ? [first] : [first, await test.OpenAsync()];
        var firsts = await Task.WhenAll(
            Enumerable
                .Range(0, 60)
                .Select(i =>
                    Task.Run(() => nodes[i % nodes.Count].Addresses.ReserveIndexesAsync("eip155", 10, 100, default))
                )
        );
        firsts.Order().ShouldBe(Enumerable.Range(0, 60).Select(i => 100L + (i * 10)));
        (await first.Addresses.ReserveIndexesAsync("eip155", 1, 0, default)).ShouldBe(700);
        (await first.Addresses.ReserveIndexesAsync("eip155", 5, 5000, default)).ShouldBe(5000);
        (await first.Addresses.ReserveIndexesAsync("eip155", 1, 0, default)).ShouldBe(5005);
        (await first.Addresses.ReserveIndexesAsync("sandbox:bsc", 1, 0, default)).ShouldBe(0);
        await test.CloseAsync();
        (await (await test.OpenAsync()).Addresses.ReserveIndexesAsync("eip155", 1, 0, default)).ShouldBe(5006);
    }

    [Theory, OnBoth]
    public async Task Addresses_are_streamed_oldest_first_from_a_time_on(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var session = Sample.Session();
        await DoneAsync(database, new Commit().Insert(session));
        var bsc = new NetworkId("sandbox:bsc");
        await Task.WhenAll(
            Enumerable
                .Range(0, 10_050)
                .Select(i =>
                    RunAsync(
                        database,
                        new Commit().Insert(
                            new DepositAddress(
                                Sample.Ethereum,
                                $"a{i:D5}",
                                session.Id,
                                session.Store,
                                i,
                                new Instant(Sample.Now.UnixMs + (i / 100))
                            )
                        )
                    )
                )
        );
        await DoneAsync(
            database,
            new Commit().Insert(new DepositAddress(bsc, "a00000", session.Id, session.Store, 0, Sample.Now))
        );

        var all = await database.Addresses.ListSinceAsync(Sample.Ethereum, new Instant(0), default).ToListAsync();
        all.ShouldBe(Enumerable.Range(0, 10_050).Select(i => $"a{i:D5}"));
        var late = await database
            .Addresses.ListSinceAsync(Sample.Ethereum, new Instant(Sample.Now.UnixMs + 100), default)
            .ToListAsync();
        late.ShouldBe(Enumerable.Range(10_000, 50).Select(i => $"a{i:D5}"));
        (await database.Addresses.FindAsync(bsc, "a00000", default)).ShouldBe(
            new DepositAddress(bsc, "a00000", session.Id, session.Store, 0, Sample.Now)
        );
        (await database.Addresses.FindAsync(bsc, "A00000", default)).ShouldBeNull();
    }

    [Theory, OnBoth]
    public async Task Sandbox_remembers_what_waits_what_is_mined_and_its_forks(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        SandboxTransfer Sent(string hash, int position = 0) =>
            new(Sample.Ethereum, hash, position, "c", UInt128.MaxValue, "f", "t", hash == "0x1", null);
        await database.Sandbox.AddPendingAsync([Sent("0x2"), Sent("0x1"), Sent("0x1", 1)], default);
        await database.Sandbox.AddPendingAsync([Sent("0x2")], default);
        (await database.Sandbox.ListPendingAsync(Sample.Ethereum, default)).ShouldBe([
            Sent("0x2"),
            Sent("0x1"),
            Sent("0x1", 1),
        ]);
        (await database.Sandbox.MineAsync(Sample.Ethereum, 5, Sample.Now, default)).ShouldBe(3);
        (await database.Sandbox.MineAsync(Sample.Ethereum, 6, Sample.Now, default)).ShouldBe(0);
        await database.Sandbox.AddPendingAsync([Sent("0x3")], default);
        await database.Sandbox.MineAsync(Sample.Ethereum, 7, Sample.Now, default);
        (await database.Sandbox.ListAtAsync(Sample.Ethereum, 5, default)).Select(t => t.Height).ShouldBe([5, 5, 5]);

        (await database.Sandbox.ForkAsync(Sample.Ethereum, 6, drop: false, default)).ShouldBe(
            new SandboxFork(Sample.Ethereum, 6, 1)
        );
        (await database.Sandbox.ListPendingAsync(Sample.Ethereum, default)).ShouldBe([Sent("0x3")]);
        (await database.Sandbox.ForkAsync(Sample.Ethereum, 2, drop: true, default)).Number.ShouldBe(2);
        (await database.Sandbox.ListAtAsync(Sample.Ethereum, 5, default)).ShouldBeEmpty();
        (await database.Sandbox.ListPendingAsync(Sample.Ethereum, default)).ShouldBe([Sent("0x3")]);
        (await database.Sandbox.ForksAsync(Sample.Ethereum, default)).ShouldBe([
            new(Sample.Ethereum, 6, 1),
            new(Sample.Ethereum, 2, 2),
        ]);
        (await database.Sandbox.ForksAsync(new NetworkId("sandbox:bsc"), default)).ShouldBeEmpty();
    }
}
