using System.Text.Json;
using StablePay.Engine.Watching;

namespace StablePay.Engine.Checkout;

/// <summary>Builds the API's session object. The only place that does.</summary>
public sealed class SessionViews(string publicUrl, NetworkBook networks)
{
    /// <summary>The hosted page of a session.</summary>
    public string UrlOf(SessionId id) => $"{publicUrl}/checkout/{id}";

    public SessionView Of(CheckoutSession session, IEnumerable<Transfer> transfers) =>
        new()
        {
            Id = session.Id.Value,
            AmountTotal = session.Quote.Amount.Minor,
            Currency = session.Quote.Amount.Currency.Code.ToLowerInvariant(),
            PaymentStatus = session.State.PaymentStatus,
            Created = session.CreatedAt.UnixSeconds,
            ExpiresAt = session.ExpiresAt.UnixSeconds,
            Url = UrlOf(session.Id),
            LineItems = LinesOf(session),
            TaxAmount = session.Order.TaxAmount,
            ShippingAmount = session.Order.ShippingAmount,
            ExchangeRate = session.Quote.IsConverted ? session.Quote.Rate.ToString() : null,
            TargetCurrency = session.Chosen?.Token.Asset.Code ?? Currency.Usd.Code,
            TargetAmountTotal = session.Quote.DueCents,
            RateLockedAt = session.Quote.LockedAt.UnixSeconds,
            Metadata = session.Order.Metadata.ToDictionary(),
            OrderId = session.Order.OrderId,
            Livemode = session.Live,
            RateSource = session.Quote.Source,
            TokenPrices = PricesOf(session.Quote),
            SuccessUrl = session.Order.SuccessUrl,
            CancelUrl = session.Order.CancelUrl,
            AmountReceived = session.Included.ToCents(Rounding.Down),
            AmountRemaining = session.Remaining.ToCents(Rounding.Up),
            Exception = session.Exception?.WireName,
            PaidAt = session.PaidAt?.UnixSeconds,
            Network = session.Chosen?.Token.Network.Value,
            DepositAddress = session.Chosen?.Address,
            Transfers = [.. transfers.Where(t => t.Class != TransferClass.Internal).Select(t => Of(t, session.Quote))],
            Version = session.Version,
        };

    /// <summary>The session's JSON as the API answers it.</summary>
    public static byte[] JsonOf(SessionView view) =>
        JsonSerializer.SerializeToUtf8Bytes(view, SessionJson.Default.SessionView);

    private TransferView Of(Transfer transfer, Quote quote)
    {
        var (have, need) = networks.ConfirmationsOf(transfer);
        return new TransferView
        {
            Network = transfer.Network.Value,
            Token = transfer.Amount.Token.Asset.Code,
            TransactionHash = transfer.TransactionHash,
            Amount = quote.WorthOf(transfer.Amount).ToCents(Rounding.Down),
            AmountDecimal = transfer.Amount.ToPlainText(),
            Status = StatusOf(transfer.State),
            Class = ClassOf(transfer.Class),
            Confirmations = have,
            ConfirmationsRequired = need,
            SeenAt = transfer.SeenAt.UnixSeconds,
            BlockTime = transfer.BlockTime.UnixSeconds,
        };
    }

    /// <summary>By coin, as a decimal string; null where every coin counts as a dollar.</summary>
    public static IReadOnlyDictionary<string, string>? PricesOf(Quote quote) =>
        quote.Prices.Any(p => p.Price is not null)
            ? quote
                .Prices.Where(p => p.Price is not null)
                .ToDictionary(p => p.Asset.Code, p => p.Price!.Value.ToString())
            : null;

    private static List<LineItemView> LinesOf(CheckoutSession session)
    {
        var currency = session.Quote.Amount.Currency.Code.ToLowerInvariant();
        return
        [
            .. session.Order.LineItems.Select(line => new LineItemView(
                new PriceDataView(currency, line.UnitAmount, new ProductDataView(line.Name, line.Description)),
                line.Quantity
            )),
        ];
    }

    private static string StatusOf(TransferState state) =>
        state switch
        {
            TransferState.Included => "included",
            TransferState.Accepted => "accepted",
            TransferState.Orphaned => "orphaned",
            TransferState.Final => "final",
        };

    private static string ClassOf(TransferClass @class) =>
        @class switch
        {
            TransferClass.Counted => "counted",
            TransferClass.Late => "late",
            TransferClass.Unattributed => "unattributed",
            TransferClass.Dust => "dust",
            TransferClass.Internal => "internal",
        };
}
