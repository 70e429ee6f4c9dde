namespace StablePay.Storage.Tests;

public sealed class SessionTests(TestCluster cluster) : StorageTest(cluster)
{
    [Theory, OnBoth]
    public async Task Session_reads_back_as_written_when_every_field_is_used(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var plain = Sample.Session();
        var full = plain with
        {
            Id = Sample.Id<SessionId>(),
            Live = true,
            Order = new OrderDetails
            {
                OrderId = "Nr. 7 — 'quoted' \"twice\" \\ 商店 🧉",
                Description = "A mug\n<b>&amp;</b>",
                LineItems = [new LineItem("Tasse ü", null, 1299, 2), new LineItem("b", "c", long.MaxValue, 1)],
                TaxAmount = 0,
                ShippingAmount = 1,
                SuccessUrl = "https://shop.example/ok?a=1&b=%20",
                CancelUrl = "https://shop.example/no",
                Metadata = [new("z", "1"), new("a", ""), new("電郵", "x@y.example")],
            },
            Quote = new Quote(
                new FiatAmount(Currency.Find("KWD")!, long.MaxValue),
                Rate.From(1, 999_999_999_999),
                "par",
                new Instant(-1),
                Coverage.MaxCents
            ),
            State = SessionState.Paid,
            Choices =
            [
                new Choice(Sample.Usdt, "sandbox1x", 0),
                new Choice(Sample.Usdt with { Decimals = 18 }, "sandbox1y", long.MaxValue),
            ],
            Included = new Coverage(UInt128.MaxValue),
            Final = new Coverage(1),
            Late = new Coverage((UInt128)ulong.MaxValue + 1),
            UnattributedTransfers = 3,
            WasReversed = true,
            PaidAt = new Instant(Sample.Now.UnixMs + 1),
            CanceledAt = Sample.Now,
            Version = 41,
        };
        await DoneAsync(database, new Commit().Insert(plain).Insert(full));

        (await database.Sessions.FindAsync(plain.Id, default)).ShouldBeSameAs(plain);
        (await database.Sessions.FindAsync(full.Id, default)).ShouldBeSameAs(full);
        (await database.Sessions.FindAsync(Sample.Id<SessionId>(), default)).ShouldBeNull();
    }

    [Theory, OnBoth]
    public async Task TOK_21_session_reads_back_the_coin_prices_that_it_locked(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        IReadOnlyList<AssetPrice>[] all =
        [
            [],
            [new(Asset.Usdc, Rate.From(8712, 10_000))],
            [new(Asset.Usdt, null), new(Asset.Usdc, Rate.From(999_999_999_999, 1_000_000_000_000))],
        ];
        foreach (var prices in all)
        {
            var plain = Sample.Session();
            var session = plain with { Live = true, Quote = plain.Quote with { Prices = prices } };
            await DoneAsync(database, new Commit().Insert(session));
            // A change of the session leaves them alone (S4).
            var next = session with
            {
                State = SessionState.Confirming,
                Version = 2,
            };
            await DoneAsync(database, new Commit().Update(session, next));
            var read = (await database.Sessions.FindAsync(session.Id, default))!;
            read.Quote.Prices.ShouldBe(prices);
            read.ShouldBeSameAs(next);
        }
        (await test.AskAsync("select max(token_prices) from checkout_sessions")).ShouldBe(
            "USDT:none,USDC:0.999999999999"
        );
    }

    [Theory, OnBoth]
    public async Task TOK_21_schema_refuses_a_coin_price_in_test_mode(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var session = Sample.Session();
        var priced = session with { Quote = session.Quote with { Prices = [new(Asset.Usdc, null)] } };
        await Should.ThrowAsync<InvariantBrokenException>(
            database.Commits.RunAsync(new Commit().Insert(priced), default)
        );
        (await database.Sessions.FindAsync(session.Id, default)).ShouldBeNull();
    }

    [Theory, OnBoth]
    public async Task Order_is_taken_when_a_session_of_it_is_open_or_paid_and_free_when_it_ended(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        foreach (var state in Enum.GetValues<SessionState>())
        {
            var first = Sample.Session() with
            {
                State = state,
                PaidAt = state == SessionState.Paid ? Sample.Now : null,
            };
            await DoneAsync(database, new Commit().Insert(first));
            var again = Sample.Session(first.Store, first.Order.OrderId, first.Merchant);
            var result = await database.Commits.RunAsync(new Commit().Insert(again), default);
            var open = await database.Sessions.FindOpenByOrderAsync(
                first.Merchant,
                false,
                first.Order.OrderId,
                default
            );
            if (state is SessionState.Expired or SessionState.Canceled or SessionState.Failed)
            {
                result.IsDone.ShouldBeTrue(state.ToString());
                open!.Id.ShouldBe(again.Id);
            }
            else
            {
                result.ShouldBe(new CommitResult.Duplicate("order_id"), state.ToString());
                open!.Id.ShouldBe(first.Id);
            }
            (
                await database.Sessions.FindOpenByOrderAsync(first.Merchant, true, first.Order.OrderId, default)
            ).ShouldBeNull();
            await DoneAsync(database, new Commit().Insert(again with { Id = Sample.Id<SessionId>(), Live = true }));
        }
    }

    [Theory, OnBoth]
    public async Task Update_is_stale_when_the_version_has_moved_and_changes_nothing(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var session = Sample.Session();
        await DoneAsync(database, new Commit().Insert(session));
        var next = session with { State = SessionState.Confirming, Included = new Coverage(5), Version = 2 };
        await DoneAsync(database, new Commit().Update(session, next));

        var late = session with { State = SessionState.Expired, Version = 2 };
        var result = await database.Commits.RunAsync(
            Sample.AddTo(new Commit(), Sample.Draft("never")).Update(session, late),
            default
        );

        result.ShouldBe(new CommitResult.Stale(session.Id.Value));
        (await database.Sessions.FindAsync(session.Id, default)).ShouldBeSameAs(next);
        (await database.Jobs.CountAsync(default)).Ready.ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task List_pages_through_everything_newest_first_when_filtered(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var store = Sample.Id<StoreId>();
        List<CheckoutSession> all = [];
        for (var i = 0; i < 25; i++)
        {
            var at = Sample.Now + TimeSpan.FromMinutes(i);
            all.Add(
                Sample.Session(store) with
                {
                    Id = Sample.Id<SessionId>(at),
                    CreatedAt = at,
                    ExpiresAt = at + TimeSpan.FromMinutes(5),
                    State =
                        i % 3 == 0 ? SessionState.Underpaid
                        : i % 3 == 1 ? SessionState.Awaiting
                        : SessionState.Expired,
                }
            );
        }
        foreach (var session in all)
            await DoneAsync(database, new Commit().Insert(session));
        await DoneAsync(
            database,
            new Commit().Insert(Sample.Session()).Insert(Sample.Session(store) with { Live = true })
        );
        var expected = all.Select(s => s.Id).Reverse().ToList();

        List<SessionId> paged = [];
        while (true)
        {
            var page = await database.Sessions.ListAsync(
                store,
                false,
                new SessionFilter(7, StartingAfter: paged.Count == 0 ? null : paged[^1]),
                default
            );
            paged.AddRange(page.Select(s => s.Id));
            if (page.Count < 7)
                break;
        }
        paged.ShouldBe(expected);

        async Task<List<SessionId>> Ids(SessionFilter filter) =>
            [.. (await database.Sessions.ListAsync(store, false, filter, default)).Select(s => s.Id)];
        (await Ids(new(100, Status: "pending"))).Count.ShouldBe(17);
        (await Ids(new(100, Status: "expired"))).Count.ShouldBe(8);
        (await Ids(new(100, Status: "no such"))).ShouldBeEmpty();
        (await Ids(new(100, OrderId: all[3].Order.OrderId))).ShouldBe([all[3].Id]);
        (await Ids(new(100, CreatedFrom: all[5].CreatedAt, CreatedTo: all[7].CreatedAt))).ShouldBe([
            all[7].Id,
            all[6].Id,
            all[5].Id,
        ]);

        await DoneAsync(database, new Commit().Insert(Sample.Transfer(all[9], "0xfeed")));
        (await Ids(new(100, TransactionHash: "0xfeed"))).ShouldBe([all[9].Id]);
        (await Ids(new(100, TransactionHash: "0xFEED"))).ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Text_from_outside_is_never_sql_when_it_looks_like_it(string provider)
    {
        await using var test = await CreateAsync(provider);
        var database = await test.OpenAsync();
        var session = Sample.Session(orderId: "x' or '1'='1");
        await DoneAsync(database, new Commit().Insert(session));
        string[] attempts =
        [
            "' or 1=1 --",
            "'; drop table checkout_sessions; --",
            "$1",
            "\u0001",
            "%",
            "_",
            "\\",
            "\"",
            "?1",
        ];
        foreach (var attempt in attempts)
        {
            (await database.Sessions.FindAsync(new SessionId(attempt), default)).ShouldBeNull();
            (
                await database.Sessions.ListAsync(
                    new StoreId(attempt),
                    false,
                    new(10, attempt, attempt, null, null, attempt, new(attempt)),
                    default
                )
            ).ShouldBeEmpty();
            await DoneAsync(database, new Commit().Insert(Sample.Session(orderId: attempt)));
        }
        (
            await database.Sessions.FindOpenByOrderAsync(session.Merchant, false, session.Order.OrderId, default)
        )!.Id.ShouldBe(session.Id);
        (await test.AskAsync("select count(*) from checkout_sessions")).ShouldBe(
            (attempts.Length + 1).ToString(CultureInfo.InvariantCulture)
        );
    }
}
