using StablePay.Engine.Checkout;
using StablePay.Engine.Watching;
using StablePay.Server.Api.Sessions;

namespace StablePay.Server.Api.Quotes;

internal sealed class CreateQuote : IEndpoint
{
    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Post, "/quotes", Permissions.SessionsRead, RunAsync)
            {
                Body = typeof(QuoteRequest),
                Answer = typeof(QuoteView),
            }
        );

    /// <summary>Prices an amount without creating anything.</summary>
    /// <remarks>The rate is not held: a session that is created later locks the rate of its own moment.</remarks>
    public static Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct) =>
        Task.FromResult(Price(call));

    private static Result<Answer> Price(ApiCall call)
    {
        var body = call.ReadBody();
        if (!body.IsOk)
            return body.Rejection;
        var amount = SessionReader.ReadAmount(body.Value.Root);
        body.Value.Root.End();
        if (body.Value.Rejection is not null)
            return body.Value.Rejection;
        var now = call.Parts.Clock.Now;
        var quote = call.Parts.Engine.Pricing.Run(amount, call.Caller.Live, now, now);
        return quote.IsOk
            ? Answer.Ok(ViewOf(quote.Value, call.Parts.Engine.Networks, call.Caller.Live), ApiJson.Default.QuoteView)
            : quote.Rejection;
    }

    private static QuoteView ViewOf(Quote quote, NetworkBook networks, bool live) =>
        new()
        {
            Amount = quote.Amount.Minor,
            Currency = quote.Amount.Currency.Code.ToLowerInvariant(),
            ExchangeRate = quote.IsConverted ? quote.Rate.ToString() : null,
            TargetCurrency = Currency.Usd.Code,
            TargetAmountTotal = quote.DueCents,
            RateSource = quote.Source,
            TokenPrices = SessionViews.PricesOf(quote),
            Created = quote.LockedAt.UnixSeconds,
            Livemode = live,
            Tokens =
            [
                .. networks
                    .All.Where(network => network.IsLive == live)
                    .SelectMany(network => network.Tokens)
                    .Where(token => quote.PriceOf(token.Asset) is not null)
                    .Select(token => new QuoteTokenView(
                        token.Network.Value,
                        token.Asset.Code,
                        quote.AskFor(quote.Due, token).ToPlainText()
                    )),
            ],
        };
}
