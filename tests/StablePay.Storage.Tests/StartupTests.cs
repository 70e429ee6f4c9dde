namespace StablePay.Storage.Tests;

public sealed class StartupTests(TestCluster cluster) : StorageTest(cluster)
{
    [Theory]
    [InlineData("3.51.2")]
    [InlineData("3.45.0")]
    [InlineData("2.99.99")]
    [InlineData("not a version")]
    public async Task Start_is_refused_when_the_native_library_is_too_old(string version)
    {
        await using var test = await CreateAsync("sqlite");
        var refusal = await Should.ThrowAsync<StartupRefusedException>(
            test.OpenAsync(new Seams { NativeVersion = version })
        );
        refusal.Message.ShouldContain(version);
        refusal.Message.ShouldContain("3.51.3");
        await test.OpenAsync(new Seams { NativeVersion = "3.51.3" });
    }

    [Fact]
    public async Task Start_is_refused_while_another_process_has_the_file_and_works_once_that_is_killed()
    {
        await using var test = await CreateAsync("sqlite");
        using var child = Child.Start(Child.Hold, test.Options);
        try
        {
            (await child.StandardOutput.ReadLineAsync()).ShouldBe("open");
            var refusal = await Should.ThrowAsync<StartupRefusedException>(test.OpenAsync());
            refusal.Message.ShouldContain("Another StablePay process");
        }
        finally
        {
            child.Kill();
        }
        await child.WaitForExitAsync();
        await test.OpenAsync();
        await Should.ThrowAsync<StartupRefusedException>(test.OpenAsync());
    }

    [Theory, OnBoth]
    public async Task Start_is_refused_when_the_database_is_newer_than_the_program(string provider)
    {
        await using var test = await CreateAsync(provider);
        await test.OpenAsync();
        await test.CloseAsync();
        await test.AskAsync(
            "insert into schema_journal (version, name, applied_at_ms) values (9999, 'from the future', 1)"
        );
        var before = await test.DumpAsync();
        var refusal = await Should.ThrowAsync<StartupRefusedException>(test.OpenAsync());
        refusal.Message.ShouldContain("9999");
        refusal.Message.ShouldContain("newer");
        (await test.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Start_is_refused_when_the_data_directory_cannot_be_written_to()
    {
        var file = Path.GetTempFileName();
        var refusal = await Should.ThrowAsync<StartupRefusedException>(
            Database.OpenAsync(
                new DatabaseOptions("sqlite", Path.Combine(file, "data", "stablepay.db")),
                TimeProvider.System,
                default
            )
        );
        refusal.Message.ShouldContain(file);
        var other = await Should.ThrowAsync<StartupRefusedException>(
            Database.OpenAsync(new DatabaseOptions("sqlite", "/proc/stablepay.db"), TimeProvider.System, default)
        );
        other.Message.ShouldContain("/proc");
        File.Delete(file);
    }

    [Fact]
    public async Task Start_is_refused_with_a_sentence_when_the_file_is_no_database()
    {
        await using var test = await CreateAsync("sqlite");
        await File.WriteAllTextAsync(test.Options.ConnectionString, new string('x', 5000));
        (await Should.ThrowAsync<StartupRefusedException>(test.OpenAsync())).Message.ShouldContain("not a database");
    }

    [Theory]
    [InlineData("postgres", "Host=127.0.0.1;Port=1;Username=x;Database=x;Timeout=2")]
    [InlineData("postgres", "Host=127.0.0.1;Nonsense=1")]
    [InlineData("mysql", "")]
    public async Task Start_is_refused_with_a_sentence_when_the_setting_leads_nowhere(
        string provider,
        string connection
    )
    {
        var opening = Database.OpenAsync(new DatabaseOptions(provider, connection), TimeProvider.System, default);
        (await Should.ThrowAsync<StartupRefusedException>(opening)).Message.ShouldEndWith(".");
    }

    [Fact]
    public async Task Start_is_refused_with_a_sentence_when_the_database_does_not_exist()
    {
        var options = new DatabaseOptions(
            "postgres",
            (await CreateAsync("postgres")).Options.ConnectionString.Replace(
                "Database=",
                "Database=no_",
                StringComparison.Ordinal
            )
        );
        (
            await Should.ThrowAsync<StartupRefusedException>(Database.OpenAsync(options, TimeProvider.System, default))
        ).Message.ShouldContain("does not exist");
    }

    [Fact]
    public async Task Schema_is_made_once_when_several_nodes_start_together()
    {
        await using var test = await CreateAsync("postgres");
        var nodes = await Task.WhenAll(
            Enumerable
                .Range(0, 6)
                .Select(_ => Task.Run(() => Database.OpenAsync(test.Options, TimeProvider.System, default)))
        );
        foreach (var node in nodes)
            await node.DisposeAsync();
        (await test.AskAsync("select count(*) from schema_journal")).ShouldBe(
            Migrations.Latest.ToString(CultureInfo.InvariantCulture)
        );
    }

    [Heavy]
    [Theory, OnBoth]
    public async Task Upgrade_keeps_every_row_when_the_previous_version_has_filled_the_database(string provider)
    {
        for (var previous = 1; previous < Migrations.Latest; previous++)
        {
            await using var test = await CreateAsync(provider);
            var old = await test.OpenAsync(new Seams { LastMigration = previous });
            var store = await Sample.StoreInAsync(old);
            var rows = new List<(CheckoutSession Session, Transfer Transfer)>();
            for (var i = 0; i < 20; i++)
            {
                var session = Sample.Session(store.Id);
                var transfer = Sample.Transfer(session, $"0x{i}") with
                {
                    Class = i == 0 ? TransferClass.Unattributed : TransferClass.Counted,
                };
                rows.Add((session, transfer));
                await InsertAsync(test, session, transfer, previous);
                await DoneAsync(
                    old,
                    new Commit()
                        .Add(Sample.Event(session.Store))
                        .Add(Chart.TransferFinal(transfer, Sample.Now))
                        .Insert(Sample.Endpoint(store.Id))
                        .Insert(new DepositAddress(Sample.Ethereum, $"a{i}", session.Id, store.Id, i, Sample.Now))
                );
            }
            await test.CloseAsync();
            var before = (await test.DumpAsync())
                .Split('\n')
                .Where(line => !line.Contains("_sandbox|", StringComparison.Ordinal))
                .Select(line => line.Replace("wrong_token", "unattributed", StringComparison.Ordinal))
                .ToList();

            var upgraded = await test.OpenAsync();
            await upgraded.Sandbox.MineAsync(Sample.Ethereum, 1, Sample.Now, default);
            (await upgraded.Events.ListAsync(store.Id, false, 0, 100, default)).Count.ShouldBe(20);
            foreach (var (session, transfer) in rows)
            {
                (await upgraded.Sessions.FindAsync(session.Id, default)).ShouldBeSameAs(session);
                (await upgraded.Transfers.FindAsync(transfer.Id, default)).ShouldBe(transfer);
            }
            await test.CloseAsync();
            var after = (await test.DumpAsync()).Split('\n');
            before.Count.ShouldBeGreaterThan(200);
            // Columns may have been added at the end.
            before.Where(line => !after.Any(now => now.StartsWith(line, StringComparison.Ordinal))).ShouldBeEmpty();
            if (test.IsSqlite)
                (await test.AskAsync("select count(*) from pragma_foreign_key_check")).ShouldBe("0");
        }
    }

    /// <summary>
    /// A session and its transfer as older versions wrote them; what the program writes now, an old schema lacks.
    /// </summary>
    private static async Task InsertAsync(TestDatabase test, CheckoutSession s, Transfer t, int version)
    {
        var unattributed = version < 3 ? "wrong_token" : "unattributed";
        var zero = new string('0', 39);
        await test.AskAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""
                insert into checkout_sessions (id, merchant_id, store_id, mode, order_id, details, currency, amount_minor,
                    rate_unscaled, rate_source, rate_locked_at_ms, due_cents, tolerance_bp, created_at_ms, expires_at_ms,
                    state, choices, included, final, late, {{unattributed}}_transfers, was_reversed, version)
                values ('{{s.Id}}', '{{s.Merchant}}', '{{s.Store}}', 'test', '{{s.Order.OrderId}}', '{}', 'EUR', 2599,
                    '{{s.Quote.Rate.Unscaled}}', '{{s.Quote.Source}}', {{Sample.Now.UnixMs}}, 2818, 50, {{Sample.Now.UnixMs}},
                    {{s.ExpiresAt.UnixMs}}, 'awaiting', '[]', '{{zero}}', '{{zero}}', '{{zero}}', 0, 0, 1)
                """
            )
        );
        await test.AskAsync(
            string.Create(
                CultureInfo.InvariantCulture,
                $"""
                insert into transfers (id, network, tx_hash, position, asset, contract, decimals, atoms, from_address,
                    to_address, session_id, store_id, block_height, block_hash, block_time_ms, state, class, seen_at_ms,
                    version)
                values ('{t.Id}', '{t.Network}', '{t.TransactionHash}', 0, 'USDT', '{Sample.Usdt.Contract}', 6,
                    '{t.Amount.Atoms:D39}', '{t.From}', '{t.To}', '{t.Session}', '{t.Store}', {t.Block.Height},
                    '{t.Block.Hash}', {t.BlockTime.UnixMs}, 'included',
                    '{(t.Class == TransferClass.Unattributed ? unattributed : "counted")}', {t.SeenAt.UnixMs}, 1)
                """
            )
        );
    }
}
