using StablePay.Engine.TestMode;

namespace StablePay.Server.Api.Testing;

internal sealed class PaySession : IEndpoint
{
    private const int MostText = 128;

    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Post, "/test/sessions/{id}/pay", Permissions.SessionsWrite, RunAsync)
            {
                Body = typeof(TestPaymentRequest),
                Answer = typeof(TestPaymentView),
                // The sandbox's transfer is written by its chain, as a payer's would be by a real one.
                NonceFirst = true,
            }
        );

    /// <summary>Pays a test session on the sandbox network.</summary>
    /// <remarks>
    /// Test keys only. Without a body the exact amount that is missing is sent, in the chosen coin. The transfer is
    /// then found by the watcher like any other.
    /// </remarks>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        var order = ReadOrder(call);
        if (!order.IsOk)
            return order.Rejection;
        var (store, checkout) = (call.Caller.Store.Id, call.Parts.Engine.Checkout);
        if (
            call.Caller.Live
            || !call.TryReadId<SessionId>(out var id)
            || await checkout.FindAsync(store, live: false, id, ct) is null
        )
            return ApiCall.NotFound;
        var paid = await checkout.PayInSandboxAsync(id, order.Value, ct);
        return paid.IsOk ? Answer.Ok(ViewOf(id, paid.Value), ApiJson.Default.TestPaymentView) : paid.Rejection;
    }

    private static Result<SandboxOrder> ReadOrder(ApiCall call)
    {
        var body = call.ReadBody();
        if (!body.IsOk)
            return body.Rejection;
        var root = body.Value.Root;
        var amount = root.OptionalText("amount", MostText);
        var network = root.OptionalText("network", MostText);
        var asset = TestCoin.Read(root, MostText);
        var from = root.OptionalText("from", MostText);
        if (from is not null && (from.Length == 0 || from.AsSpan().ContainsAnyExceptInRange('!', '~')))
            root.Refuse("from", "is visible ASCII characters.");
        root.End();
        return body.Value.Rejection is { } refused
            ? refused
            : new SandboxOrder(amount, network is null ? null : new NetworkId(network), asset, from);
    }

    private static TestPaymentView ViewOf(SessionId session, SandboxPayment payment) =>
        new()
        {
            SessionId = session.Value,
            TransactionHash = payment.TransactionHash,
            Network = payment.Amount.Token.Network.Value,
            Token = payment.Amount.Token.Asset.Code,
            Amount = payment.Amount.ToPlainText(),
            From = payment.From,
            To = payment.To,
        };
}
