namespace StablePay.Storage.Tests;

[Heavy]
public sealed class CrashTests(TestCluster cluster) : StorageTest(cluster)
{
    [Theory, OnBoth]
    public async Task OPS_04_state_is_before_or_after_when_killed_between_any_two_statements_of_a_commit(
        string provider
    )
    {
        await using var test = await CreateAsync(provider);
        var crash = new Crash(test);
        var database = await test.OpenAsync();
        var store = await Sample.StoreInAsync(database);
        var session = Sample.Session(store.Id);
        await DoneAsync(
            database,
            Sample.AddTo(
                new Commit().Insert(session).Insert(Sample.Endpoint(store.Id)).Insert(Sample.Endpoint(store.Id)),
                Sample.Draft("due")
            )
        );
        var grip = (await database.Leases.AcquireAsync("watch", "me", TimeSpan.FromMinutes(1), Sample.Now, default))!;
        var job = (await database.Jobs.ClaimAnyAsync("me", Sample.Now, 1)).Single();
        await test.CloseAsync();
        var before = await test.DumpAsync();

        Commit Scenario()
        {
            var transfer = Sample.Transfer(session);
            var claim = new IdempotencyClaim("key", "k", "hash", "me", Sample.Now, Sample.Now);
            return new Commit()
                .Guard(grip)
                .Spend(new NonceClaim("key", "n", Sample.Now))
                .Claim(claim)
                .Insert(transfer)
                .Update(session, session with { State = SessionState.Confirming, Version = 2 })
                .Update(transfer, TransferMachine.Finalize(transfer))
                .Add(Chart.TransferFinal(transfer, Sample.Now))
                .Move(new BlockLocator(Sample.Ethereum, transfer.Block, Sample.Now, 1, []))
                .Add(Sample.Event(store.Id))
                .Add(Sample.Draft("next"), Sample.Id<JobId>(), Sample.Now)
                .Finish(job, new JobOutcome.Done())
                .Complete(claim, 200, [1]);
        }

        var reached = 0;
        for (var n = 1; ; n++)
        {
            crash.ArmAt(n);
            var hit = await crash.RunAsync(async database => await RunAsync(database, Scenario()));
            if (!hit)
                break;
            reached = n;
            (await crash.DumpAfterAsync()).ShouldBe(before, $"killed before statement {n}: {crash.Statement}");
        }
        reached.ShouldBeGreaterThan(20);
        crash.Statement.ShouldBe("commit");
        var after = await test.DumpAsync();
        after.ShouldNotBe(before);
        after.ShouldContain("payment.completed");
        // Once more is refused as a whole: nothing of it is written twice.
        (await RunAsync(await test.OpenAsync(), Scenario())).IsDone.ShouldBeFalse();
        await test.CloseAsync();
        (await test.DumpAsync()).ShouldBe(after);
    }

    [Theory, OnBoth]
    public async Task OPS_04_kill_9_under_load_loses_no_acknowledged_commit(string provider)
    {
        await using var test = await CreateAsync(provider);
        var store = await Sample.StoreInAsync(await test.OpenAsync());
        await test.CloseAsync();
        HashSet<string> acknowledged = [];
        for (var round = 0; round < 3; round++)
        {
            using var child = Child.Start(Child.Write, test.Options, store.Id.Value);
            var goal = acknowledged.Count + 700;
            while (acknowledged.Count < goal && await child.StandardOutput.ReadLineAsync() is { } line)
                acknowledged.Add(line);
            child.Kill();
            while (await child.StandardOutput.ReadLineAsync() is { } line)
            {
                if (line.Length == SessionId.Prefix.Length + IdSource.TailLength)
                    acknowledged.Add(line);
            }
            await child.WaitForExitAsync();
            acknowledged.Count.ShouldBeGreaterThanOrEqualTo(goal);
        }

        var database = await test.OpenAsync();
        foreach (var id in acknowledged)
            (await database.Sessions.FindAsync(new SessionId(id), default)).ShouldNotBeNull($"{id} was acknowledged");
        var events = await database.Events.ListAsync(store.Id, false, 0, int.MaxValue, default);
        events.Select(e => e.Sequence).ShouldBe(Enumerable.Range(1, events.Count).Select(i => (long)i));
        var sessions = (await database.Sessions.ListAsync(store.Id, false, new SessionFilter(int.MaxValue), default))
            .Select(s => s.Id.Value)
            .ToHashSet();
        events.Select(e => e.ObjectId).ToHashSet().SetEquals(sessions).ShouldBeTrue();
        await test.CloseAsync();
        (
            await test.AskAsync(
                "select count(*) from checkout_sessions s join jobs j on j.subject = s.id "
                    + "join nonces n on n.nonce = s.id"
            )
        ).ShouldBe(sessions.Count.ToString(CultureInfo.InvariantCulture));
        if (test.IsSqlite)
            (await test.AskAsync("pragma integrity_check")).ShouldBe("ok");
    }
}
