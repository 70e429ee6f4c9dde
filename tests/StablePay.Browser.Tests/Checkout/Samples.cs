using StablePay.Chains.Evm;
using StablePay.Chains.Tron;
using StablePay.Engine.Paying;
using static StablePay.Browser.Tests.Checkout.SampleNetworks;

namespace StablePay.Browser.Tests.Checkout;

/// <summary>Pages of one order in every state that a payment can be in, made by hand: nothing here needs an engine.</summary>
internal static class Samples
{
    public const string Address = "0x8712A3b81A00DC56c0E2547956ed3aEfAC02b0d8";
    private const string Hash = "0xa3d19020c9ac8ef2f2c276586fba1c8e96fcb941d8f00de705bab34be2266139";

    public static readonly Instant Now = Instant.From(new DateTimeOffset(2026, 11, 23, 14, 3, 20, TimeSpan.Zero));

    private static readonly Token Usdt = Ethereum.Find(Asset.Usdt)!;

    public static CheckoutPage Choose { get; } =
        new()
        {
            Id = SessionId.From("sess_01kawq7m3v9t2c8ehd5xzr4npb0a1b2c3d4e"),
            Url = UrlOf("sess_01kawq7m3v9t2c8ehd5xzr4npb0a1b2c3d4e"),
            Live = true,
            StoreName = "Harbour & Kiln",
            Order = new OrderDetails
            {
                OrderId = "A-1042",
                LineItems = [new LineItem("Stoneware mug, 350 ml", null, 1400, 2)],
                TaxAmount = 532,
                ShippingAmount = 490,
                SuccessUrl = "https://shop.example/thanks",
                CancelUrl = "https://shop.example/basket",
            },
            Quote = Quote
                .Lock(new FiatAmount(Currency.Find("EUR")!, 3822), Rate.From(10842, 10000), "median of 3 sources", Now)
                .Value,
            State = SessionState.Awaiting,
            Exception = null,
            CreatedAt = Now - TimeSpan.FromSeconds(79),
            ExpiresAt = Now + TimeSpan.FromSeconds(1721),
            Now = Now,
            Version = 1,
            Chosen = null,
            ChosenNetwork = null,
            Due = null,
            Remaining = null,
            Received = null,
            Surplus = null,
            Transfers = [],
            Options =
            [
                Option(Ethereum, Asset.Usdt, null),
                Option(Bsc, Asset.Usdt, null),
                Option(Tron, Asset.Usdt, "halted"),
                Option(Ethereum, Asset.Usdc, null),
                Option(Bsc, Asset.Usdc, null),
            ],
            Watched = null,
            PaidAt = null,
            CanceledAt = null,
            PaymentUri = null,
            TransferCallData = null,
            MakesTransfers = false,
        };

    public static CheckoutPage Pay { get; } = Chosen(Choose, Ethereum, Usdt, Address);

    public static CheckoutPage PayOnBsc { get; } = Chosen(Choose, Bsc, Bsc.Find(Asset.Usdc)!, Address);

    /// <summary>On TRON itself: no link of TRON's can say token and amount, so the code holds the address.</summary>
    public static CheckoutPage PayOnTron { get; } =
        Chosen(
            Choose,
            Chains.Networks.Tron,
            Chains.Tokens.Tron[0],
            new TronAddress(EvmAddress.Parse(Address)).ToString()
        );

    /// <summary>On Solana: the code with the amount is kept for the wallets that read it rightly.</summary>
    public static CheckoutPage PayOnSolana { get; } =
        Chosen(Choose, Solana, Solana.Tokens[0], "BvzKvn6nUUAYtKu2pH3h5SbUkUNcRPQawg4bURBiojJx");

    /// <summary>Made while USDC was worth less than a dollar: the payment has locked its price.</summary>
    public static CheckoutPage PricedChoose { get; } =
        Choose with
        {
            Quote = Choose.Quote with { Prices = [new AssetPrice(Asset.Usdc, Rate.From(8712, 10000))] },
        };

    public static CheckoutPage PricedPay { get; } = Chosen(PricedChoose, Bsc, Bsc.Find(Asset.Usdc)!, Address);

    /// <summary>The same with the networks' test money.</summary>
    public static CheckoutPage PayInTest { get; } =
        Chosen(Choose with { Live = false }, Tron, Tron.Tokens[0], "sandbox1k3v9t2c8ehd5lr4np0a1b2c3d4eg") with
        {
            TransferCallData = null,
            PaymentUri = null,
        };

    public static CheckoutPage Slow { get; } =
        Pay with
        {
            Watched = Pay.Watched! with
            {
                IsBehind = true,
                Lag = TimeSpan.FromMinutes(4),
                ReadAt = Now - TimeSpan.FromSeconds(9),
            },
        };

    public static CheckoutPage Underpaid { get; } =
        Pay with
        {
            State = SessionState.Underpaid,
            Exception = PaymentException.Underpaid,
            Version = 3,
            Remaining = Coins("5.00"),
            Received = Coins("36.44"),
            Transfers = [Transfer("36.44", TransferState.Final, TransferClass.Counted, 12)],
            PaymentUri = UriOf(Choose.Id, Ethereum, Address, Coins("5.00")),
            TransferCallData = CallDataOf(Choose.Id, Ethereum, Address, Coins("5.00")),
        };

    public static CheckoutPage Confirming { get; } =
        Ended(Pay, SessionState.Confirming, null) with
        {
            Received = Coins("41.44"),
            Transfers = [Transfer("41.44", TransferState.Included, TransferClass.Counted, 7)],
        };

    public static CheckoutPage ConfirmingByTag { get; } =
        Ended(PayOnBsc, SessionState.Confirming, null) with
        {
            Received = new TokenAmount(PayOnBsc.Chosen!.Token, PayOnBsc.Due!.Value.Atoms),
            Transfers =
            [
                Transfer("41.44", TransferState.Included, TransferClass.Counted, 2) with
                {
                    Network = Bsc,
                    Amount = PayOnBsc.Due.Value,
                    ConfirmationsRequired = 5,
                },
            ],
        };

    public static CheckoutPage ConfirmingHeld { get; } =
        Confirming with
        {
            Watched = Pay.Watched! with { Held = 1 },
            Transfers = [Transfer("41.44", TransferState.Included, TransferClass.Counted, 12)],
        };

    public static CheckoutPage PartAccepted { get; } =
        Underpaid with
        {
            Transfers = [Transfer("36.44", TransferState.Accepted, TransferClass.Counted, 3)],
        };

    public static CheckoutPage Paid { get; } =
        Ended(Pay, SessionState.Paid, null) with
        {
            Received = Coins("41.44"),
            PaidAt = Now + TimeSpan.FromMinutes(3),
            Transfers = [Transfer("41.44", TransferState.Final, TransferClass.Counted, 12)],
        };

    public static CheckoutPage PaidEarly { get; } =
        Paid with
        {
            Transfers = [Transfer("41.44", TransferState.Accepted, TransferClass.Counted, 3)],
        };

    public static CheckoutPage Overpaid { get; } =
        Paid with
        {
            Exception = PaymentException.Overpaid,
            Received = Coins("50.00"),
            Surplus = Coins("8.56"),
            Transfers = [Transfer("50.00", TransferState.Final, TransferClass.Counted, 12)],
        };

    public static CheckoutPage LateAccepted { get; } = Paid with { Exception = PaymentException.PaidLate };

    public static CheckoutPage Expired { get; } = Over(Ended(Pay, SessionState.Expired, null));

    /// <summary>The time is over, but the last blocks before it have not been read.</summary>
    public static CheckoutPage TimeOver { get; } = Over(Pay);

    public static CheckoutPage ExpiredWithPart { get; } =
        Over(Ended(Underpaid, SessionState.Expired, PaymentException.Underpaid));

    public static CheckoutPage Late { get; } =
        Over(Ended(Pay, SessionState.Expired, PaymentException.PaidLate)) with
        {
            Transfers =
            [
                Transfer("41.44", TransferState.Final, TransferClass.Late, 12) with
                {
                    BlockTime = Pay.ExpiresAt + TimeSpan.FromMinutes(9),
                },
            ],
        };

    public static CheckoutPage Canceled { get; } = Ended(Pay, SessionState.Canceled, null) with { CanceledAt = Now };

    public static CheckoutPage Failed { get; } =
        Over(Ended(Pay, SessionState.Failed, null)) with
        {
            Transfers = [Transfer("41.44", TransferState.Orphaned, TransferClass.Counted, 0)],
        };

    public static CheckoutPage Frozen { get; } = Confirming with { State = SessionState.Frozen };

    public static CheckoutPage WrongCoin { get; } =
        Pay with
        {
            Exception = PaymentException.WrongToken,
            Version = 3,
            Transfers =
            [
                Transfer("41.44", TransferState.Included, TransferClass.Unattributed, 3) with
                {
                    Amount = new TokenAmount(Ethereum.Find(Asset.Usdc)!, 41_440_000),
                },
            ],
        };

    public static CheckoutPage WrongNetwork { get; } =
        Pay with
        {
            Exception = PaymentException.WrongToken,
            Version = 3,
            Transfers =
            [
                Transfer("41.44", TransferState.Included, TransferClass.Unattributed, 3) with
                {
                    Network = Bsc,
                    Amount = Coverage.FromCents(4144).In(Bsc.Find(Asset.Usdt)!, Rounding.Up),
                },
            ],
        };

    /// <summary>Every designed state by its name in a file or a test.</summary>
    public static IReadOnlyDictionary<string, CheckoutPage> All { get; } =
        new Dictionary<string, CheckoutPage>
        {
            ["choose"] = Choose,
            ["pay"] = Pay,
            ["pay-bsc"] = PayOnBsc,
            ["pay-tron"] = PayOnTron,
            ["pay-solana"] = PayOnSolana,
            ["pay-test"] = PayInTest,
            ["priced-choose"] = PricedChoose,
            ["priced-pay"] = PricedPay,
            ["slow"] = Slow,
            ["underpaid"] = Underpaid,
            ["confirming"] = Confirming,
            ["confirming-tag"] = ConfirmingByTag,
            ["confirming-held"] = ConfirmingHeld,
            ["part-accepted"] = PartAccepted,
            ["paid"] = Paid,
            ["paid-early"] = PaidEarly,
            ["overpaid"] = Overpaid,
            ["late-accepted"] = LateAccepted,
            ["expired"] = Expired,
            ["time-over"] = TimeOver,
            ["expired-part"] = ExpiredWithPart,
            ["late"] = Late,
            ["canceled"] = Canceled,
            ["failed"] = Failed,
            ["frozen"] = Frozen,
            ["wrong-coin"] = WrongCoin,
            ["wrong-network"] = WrongNetwork,
        };

    public static TheoryData<string> Names => [.. All.Keys];

    public static CheckoutStatus StatusOf(CheckoutPage page)
    {
        var waiting = page.Transfers.FirstOrDefault(t => t.State == TransferState.Included);
        return new CheckoutStatus(
            page.State.PaymentStatus,
            page.Exception?.WireName,
            page.Version,
            waiting?.Confirmations ?? 0,
            waiting?.ConfirmationsRequired ?? 0,
            page.Watched?.Height,
            page.Watched?.ReadAt.UnixMs,
            page.Watched?.IsBehind ?? false,
            waiting is { } w && w.Confirmations == w.ConfirmationsRequired && page.Watched is { Held: > 0 },
            page.Now.UnixMs,
            (long)page.ClockOffset.TotalMilliseconds
        );
    }

    public static CheckoutPage Chosen(CheckoutPage page, Network network, Token token, string address)
    {
        var due = page.Quote.AskFor(page.Quote.Due, token);
        return page with
        {
            Version = 2,
            Chosen = new Choice(token, address, 7),
            ChosenNetwork = network,
            Due = due,
            Remaining = due,
            Received = new TokenAmount(token, 0),
            Surplus = new TokenAmount(token, 0),
            Watched = new WatchedNetwork(
                network,
                24_118_402,
                Now - TimeSpan.FromSeconds(8),
                Now - TimeSpan.FromSeconds(4),
                TimeSpan.FromSeconds(8),
                false,
                null
            ),
            PaymentUri = UriOf(page.Id, network, address, due),
            TransferCallData = CallDataOf(page.Id, network, address, due),
            MakesTransfers = network.Family is ChainFamily.Tron or ChainFamily.Solana,
        };
    }

    /// <summary>The public address is not the one a test opens: links must hold what the settings say.</summary>
    public static string UrlOf(string id) => $"https://pay.example/checkout/{id}";

    private static string? UriOf(SessionId id, Network network, string address, TokenAmount amount) =>
        PaymentLinks.UriOf(network, address, amount, PaymentReference.Of(id, amount.Token, address));

    private static string? CallDataOf(SessionId id, Network network, string address, TokenAmount amount) =>
        PaymentLinks.CallDataOf(network, address, amount, PaymentReference.Of(id, amount.Token, address));

    private static CheckoutPage Ended(CheckoutPage page, SessionState state, PaymentException? exception) =>
        page with
        {
            State = state,
            Exception = exception,
            Version = page.Version + 1,
            PaymentUri = null,
            TransferCallData = null,
        };

    private static CheckoutPage Over(CheckoutPage page) =>
        page with
        {
            Now = page.ExpiresAt + TimeSpan.FromMinutes(10),
        };

    private static TokenAmount Coins(string text) =>
        Decimals.TryParse(text, Usdt.Decimals, out var atoms)
            ? new TokenAmount(Usdt, atoms)
            : throw new FormatException(text);

    private static PageTransfer Transfer(string amount, TransferState state, TransferClass @class, int confirmations) =>
        new(
            Hash,
            $"https://etherscan.example/tx/{Hash}",
            Coins(amount),
            "0x7BF331000000000000000000000000000007C03D5",
            state,
            @class,
            confirmations,
            12,
            Now - TimeSpan.FromSeconds(70),
            Now - TimeSpan.FromSeconds(74),
            Ethereum
        );

    private static PageOption Option(Network network, Asset asset, string? whyNot) =>
        new(network, network.Find(asset)!, whyNot, network.BlockTime * network.Finality.Confirmations);
}
