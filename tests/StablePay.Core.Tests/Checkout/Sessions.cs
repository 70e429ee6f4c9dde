namespace StablePay.Core.Tests.Checkout;

/// <summary>Sessions to start from: 25.99 USD, USDT on Ethereum with 6 decimals chosen.</summary>
internal static class Sessions
{
    public static readonly Instant Created = Instant.FromUnixSeconds(1_777_500_000);
    public static readonly Instant Ends = Created + TimeSpan.FromMinutes(30);
    public static readonly Token Usdt = new(
        new NetworkId("eip155:1"),
        Asset.Usdt,
        "0xdAC17F958D2ee523a2206206994597C13D831ec7",
        6
    );
    public static readonly Token Usdc = new(
        new NetworkId("eip155:1"),
        Asset.Usdc,
        "0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48",
        6
    );
    public static readonly Token UsdtOnBsc = new(
        new NetworkId("eip155:56"),
        Asset.Usdt,
        "0x55d398326f99059fF775485246999027B3197955",
        18
    );
    public static readonly Choice UsdtChoice = new(Usdt, "0x8712A3b81A00DC56c0E2547956ed3aEfAC02b0d8", 7);

    public static CheckoutSession New(long cents = 2599, int tolerance = 0) =>
        new()
        {
            Id = new SessionId("sess_1"),
            Merchant = new MerchantId("mer_1"),
            Store = new StoreId("st_1"),
            Live = true,
            Order = new OrderDetails { OrderId = "A-1001" },
            Quote = Quote.Lock(new FiatAmount(Currency.Usd, cents), Rate.One, "par", Created).Value,
            CreatedAt = Created,
            ExpiresAt = Ends,
            ToleranceBasisPoints = tolerance,
        };

    public static CheckoutSession Chosen(long cents = 2599, int tolerance = 0) =>
        New(cents, tolerance).After(new CheckoutInput.Chosen(UsdtChoice));

    public static TokenAmount Cents(long cents) => new(Usdt, (UInt128)cents * 10_000);

    public static CheckoutInput In(long cents) => new CheckoutInput.Included(Cents(cents), TransferClass.Counted);

    public static CheckoutInput Out(long cents) => new CheckoutInput.Orphaned(Cents(cents), TransferClass.Counted);

    public static CheckoutInput Final(long cents) => new CheckoutInput.Finalized(Cents(cents), TransferClass.Counted);

    public static CheckoutInput Taken(long cents) => new CheckoutInput.Accepted(Cents(cents));

    public static CheckoutInput TakenOut(long cents) =>
        new CheckoutInput.Orphaned(Cents(cents), TransferClass.Counted, WasAccepted: true);

    public static CheckoutInput TakenFinal(long cents) =>
        new CheckoutInput.Finalized(Cents(cents), TransferClass.Counted, WasAccepted: true);

    extension(CheckoutSession session)
    {
        public CheckoutSession After(params CheckoutInput[] inputs) =>
            inputs.Aggregate(session, (s, input) => s.Decided(input).Next.ShouldNotBeNull());

        public Decision<CheckoutSession> Decided(CheckoutInput input, Instant? now = null) =>
            CheckoutMachine.Decide(session, input, now ?? (input is CheckoutInput.TimeOver ? Ends : Created));
    }

    public static string[] Names(this Decision<CheckoutSession> decision) =>
        [.. decision.Events.Select(e => e.Type.Name)];
}
