using System.Numerics;

namespace StablePay.Storage;

/// <summary>Table <c>checkout_sessions</c>.</summary>
public sealed class SessionTable
{
    private static readonly InsertInto Into = new(
        "checkout_sessions",
        ("id", ValueKind.Text),
        ("merchant_id", ValueKind.Text),
        ("store_id", ValueKind.Text),
        ("mode", ValueKind.Text),
        ("order_id", ValueKind.Text),
        ("details", ValueKind.Text),
        ("currency", ValueKind.Text),
        ("amount_minor", ValueKind.Number),
        ("rate_unscaled", ValueKind.Text),
        ("rate_source", ValueKind.Text),
        ("rate_locked_at_ms", ValueKind.Number),
        ("due_cents", ValueKind.Number),
        ("token_prices", ValueKind.Text),
        ("tolerance_bp", ValueKind.Number),
        ("created_at_ms", ValueKind.Number),
        ("expires_at_ms", ValueKind.Number),
        ("state", ValueKind.Text),
        ("choices", ValueKind.Text),
        ("included", ValueKind.Text),
        ("accepted", ValueKind.Text),
        ("final", ValueKind.Text),
        ("late", ValueKind.Text),
        ("unattributed_transfers", ValueKind.Number),
        ("was_reversed", ValueKind.Number),
        ("paid_at_ms", ValueKind.Number),
        ("canceled_at_ms", ValueKind.Number),
        ("version", ValueKind.Number)
    );

    private static readonly Sql Columns = $"""
        id, merchant_id, store_id, mode, order_id, details, currency, amount_minor, rate_unscaled, rate_source,
        rate_locked_at_ms, due_cents, token_prices, tolerance_bp, created_at_ms, expires_at_ms, state, choices,
        included, accepted, final, late, unattributed_transfers, was_reversed, paid_at_ms, canceled_at_ms, version
        """;

    private static readonly CommitResult OrderTaken = new CommitResult.Duplicate("order_id");
    private const string NotTaken = "none";
    private readonly Db _db;

    internal SessionTable(Db db) => _db = db;

    public Task<CheckoutSession?> FindAsync(SessionId id, CancellationToken ct) =>
        _db.FindAsync($"select {Columns} from checkout_sessions where id = {id}", Read, ct);

    /// <summary>The session that stands in the way of another one for this order: open, frozen or paid.</summary>
    public Task<CheckoutSession?> FindOpenByOrderAsync(
        MerchantId merchant,
        bool live,
        string orderId,
        CancellationToken ct
    ) =>
        _db.FindAsync(
            $"""
            select {Columns} from checkout_sessions
            where merchant_id = {merchant} and mode = {Names.Mode(live)} and order_id = {orderId}
                and state in ('awaiting', 'underpaid', 'confirming', 'frozen', 'paid')
            """,
            Read,
            ct
        );

    /// <summary>Newest first.</summary>
    public Task<IReadOnlyList<CheckoutSession>> ListAsync(
        StoreId store,
        bool live,
        SessionFilter filter,
        CancellationToken ct
    )
    {
        Sql where = $"store_id = {store} and mode = {Names.Mode(live)}";
        if (filter.OrderId is { } order)
            where = $"{where} and order_id = {order}";
        if (filter.Status is { } status)
            where = $"{where} and state in ({Sql.In(StatesOf(status))})";
        if (filter.CreatedFrom is { } from)
            where = $"{where} and created_at_ms >= {from}";
        if (filter.CreatedTo is { } to)
            where = $"{where} and created_at_ms <= {to}";
        if (filter.TransactionHash is { } hash)
            where = $"{where} and id in (select session_id from transfers where tx_hash = {hash})";
        if (filter.StartingAfter is { } after)
            where = $"{where} and id < {after}";
        return _db.ListAsync(
            $"select {Columns} from checkout_sessions where {where} order by id desc limit {(long)filter.Limit}",
            Read,
            ct
        );
    }

    internal static Statement Insert(CheckoutSession s) =>
        Into.Row(
            OrderTaken,
            Value.Of(s.Id.Value),
            Value.Of(s.Merchant.Value),
            Value.Of(s.Store.Value),
            Value.Of(Names.Mode(s.Live)),
            Value.Of(s.Order.OrderId),
            Value.Of(SessionJson.Write(s.Order)),
            Value.Of(s.Quote.Amount.Currency.Code),
            Value.Of(s.Quote.Amount.Minor),
            Value.Of(s.Quote.Rate.Unscaled.ToString(CultureInfo.InvariantCulture)),
            Value.Of(s.Quote.Source),
            Value.Of(s.Quote.LockedAt),
            Value.Of(s.Quote.DueCents),
            Value.Of(WritePrices(s.Quote.Prices)),
            Value.Of(s.ToleranceBasisPoints),
            Value.Of(s.CreatedAt),
            Value.Of(s.ExpiresAt),
            Value.Of(Names.Of(s.State)),
            Value.Of(SessionJson.Write(s.Choices)),
            Value.Of(s.Included.Value),
            Value.Of(s.Accepted.Value),
            Value.Of(s.Final.Value),
            Value.Of(s.Late.Value),
            Value.Of(s.UnattributedTransfers),
            Value.Of(s.WasReversed),
            Value.Of(s.PaidAt),
            Value.Of(s.CanceledAt),
            Value.Of(s.Version)
        );

    /// <summary>
    /// What is due, its rate and the order never change after creation (S4), so they are not written again.
    /// </summary>
    internal static Statement Update(CheckoutSession before, CheckoutSession next)
    {
        // Each decision raises the version by one (S1); a block's commit may hold several decisions about one session.
        Invariant.Holds(before.Id == next.Id && next.Version > before.Version, "a version follows its own");
        return Statement.Of(
            $"""
            update checkout_sessions set state = {Names.Of(next.State)}, choices = {SessionJson.Write(next.Choices)},
                included = {next.Included.Value}, accepted = {next.Accepted.Value},
                final = {next.Final.Value}, late = {next.Late.Value},
                unattributed_transfers = {(long)next.UnattributedTransfers},
                was_reversed = {(next.WasReversed ? 1L : 0L)}, paid_at_ms = {next.PaidAt},
                canceled_at_ms = {next.CanceledAt}, version = {next.Version}
            where id = {before.Id} and version = {before.Version}
            """,
            new CommitResult.Stale(before.Id.Value)
        );
    }

    private static string[] StatesOf(string status) =>
        [
            .. from state in Enum.GetValues<SessionState>() where state.PaymentStatus == status select Names.Of(state),
            // An unknown status matches nothing, and an empty list is no SQL.
            "",
        ];

    private static CheckoutSession Read(Row row)
    {
        var (id, merchant, store) = (row.Id<SessionId>(), row.Id<MerchantId>(), row.Id<StoreId>());
        var (live, orderId, details) = (row.Live(), row.Text(), row.Text());
        var amount = new FiatAmount(ReadCurrency(row.Text()), row.Number());
        var quote = new Quote(amount, ReadRate(row.Text()), row.Text(), row.Time(), row.Number())
        {
            Prices = ReadPrices(row.Text()),
        };
        return new CheckoutSession
        {
            Id = id,
            Merchant = merchant,
            Store = store,
            Live = live,
            Order = SessionJson.ReadOrder(orderId, details),
            Quote = quote,
            ToleranceBasisPoints = row.Small(),
            CreatedAt = row.Time(),
            ExpiresAt = row.Time(),
            State = Names.Read<SessionState>(row.Text(), Names.Of),
            Choices = SessionJson.ReadChoices(row.Text()),
            Included = row.Coverage(),
            Accepted = row.Coverage(),
            Final = row.Coverage(),
            Late = row.Coverage(),
            UnattributedTransfers = row.Small(),
            WasReversed = row.Flag(),
            PaidAt = row.TimeOrNull(),
            CanceledAt = row.TimeOrNull(),
            Version = row.Number(),
        };
    }

    /// <summary>As <c>USDC:0.8712,USDT:none</c>; empty where every coin counts as a dollar.</summary>
    private static string WritePrices(IReadOnlyList<AssetPrice> prices) =>
        string.Join(',', prices.Select(p => $"{p.Asset}:{p.Price?.ToString() ?? NotTaken}"));

    private static IReadOnlyList<AssetPrice> ReadPrices(string text) =>
        text.Length == 0 ? [] : [.. text.Split(',').Select(pair => ReadPrice(pair.Split(':')))];

    private static AssetPrice ReadPrice(string[] pair)
    {
        if (pair is [var coin, NotTaken])
            return new AssetPrice(new Asset(coin), null);
        Invariant.Holds(
            Rate.TryParse(pair[^1], out var price),
            $"the database holds the unknown coin price {string.Join(':', pair)}"
        );
        return new AssetPrice(new Asset(pair[0]), price);
    }

    private static Currency ReadCurrency(string code) =>
        Currency.Find(code) ?? throw new InvariantBrokenException($"the database holds the unknown currency {code}");

    internal static Rate ReadRate(string unscaled) =>
        Rate.From(BigInteger.Parse(unscaled, CultureInfo.InvariantCulture), BigInteger.Pow(10, Rate.Scale));
}
