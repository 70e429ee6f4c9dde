using System.Security.Cryptography;

namespace StablePay.Storage.Tests;

/// <summary>Plausible rows. Every call makes a new one; what a test is about it sets itself.</summary>
internal static class Sample
{
    public static readonly Instant Now = new(1_770_000_000_123);
    public static readonly NetworkId Ethereum = new("sandbox:ethereum");
    public static readonly Token Usdt = new(Ethereum, Asset.Usdt, "sandboxUSDT", 6);

    private static readonly IdSource Ids = new(new SystemDice());

    public static TId Id<TId>(Instant? at = null)
        where TId : struct, IId<TId> => Ids.Next<TId>(at ?? Now);

    public static Merchant Merchant() => new(Id<MerchantId>(), "Mugs & Co", Now);

    public static Store Store(MerchantId merchant) =>
        new(Id<StoreId>(), merchant, "Mugs", StoreStatus.Approved, TimeSpan.FromMinutes(30), 50, Now);

    public static CheckoutSession Session(StoreId? store = null, string? orderId = null, MerchantId? merchant = null)
    {
        var amount = new FiatAmount(Currency.Find("EUR")!, 2599);
        return new CheckoutSession
        {
            Id = Id<SessionId>(),
            Merchant = merchant ?? Id<MerchantId>(),
            Store = store ?? Id<StoreId>(),
            Live = false,
            Order = new OrderDetails { OrderId = orderId ?? Id<EntryId>().Value },
            Quote = new Quote(amount, Rate.From(10842, 10000), "median of 3 sources", Now, 2818),
            CreatedAt = Now,
            ExpiresAt = Now + TimeSpan.FromMinutes(30),
            ToleranceBasisPoints = 50,
        };
    }

    public static Transfer Transfer(
        CheckoutSession session,
        string hash = "0xabc",
        int position = 0,
        long height = 100
    ) =>
        new()
        {
            Id = Core.Networks.Transfer.IdOf(Ethereum, hash, position),
            Network = Ethereum,
            TransactionHash = hash,
            Position = position,
            Amount = new TokenAmount(Usdt, 28_180_000),
            From = "sandbox1sender",
            To = "sandbox1receiver",
            Session = session.Id,
            Store = session.Store,
            Block = new BlockRef(height, $"0xblock{height}"),
            BlockTime = Now,
            State = TransferState.Included,
            Class = TransferClass.Counted,
            SeenAt = Now,
            Version = 1,
        };

    public static NewEvent Event(StoreId store, EventType? type = null, bool live = false) =>
        new(
            Id<EventId>(),
            store,
            live,
            type ?? EventType.PaymentCompleted,
            Id<SessionId>().Value,
            3,
            Now,
            """{"sequence":""",
            "}"
        );

    public static WebhookEndpoint Endpoint(StoreId store, params string[] events) =>
        new(
            Id<EndpointId>(),
            store,
            false,
            "https://shop.example/hook",
            null,
            events,
            EndpointStatus.Enabled,
            ["sealed"],
            Now,
            1
        );

    public static JobDraft Draft(string? key = null, Instant? due = null, string lane = "", JobKind? kind = null) =>
        new(kind ?? JobKind.ExpireSession, "subject", due ?? Now, key ?? Id<JobId>().Value, lane);

    public static Commit AddTo(Commit commit, JobDraft draft) => commit.Add(draft, Id<JobId>(), Now);

    /// <summary>A store with its merchant, written.</summary>
    public static async Task<Store> StoreInAsync(Database database)
    {
        var merchant = Merchant();
        var store = Store(merchant.Id);
        (await database.Commits.RunAsync(new Commit().Insert(merchant).Insert(store), default)).IsDone.ShouldBeTrue();
        return store;
    }

    private sealed class SystemDice : Dice
    {
        public override void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
    }
}
