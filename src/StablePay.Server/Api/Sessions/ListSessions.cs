using StablePay.Engine.Checkout;

namespace StablePay.Server.Api.Sessions;

internal sealed class ListSessions : IEndpoint
{
    private const string Path = "/checkout/sessions";

    private static readonly string[] Statuses =
    [
        .. Enum.GetValues<SessionState>().Select(state => state.PaymentStatus).Distinct(),
    ];

    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Get, Path, Permissions.SessionsRead, RunAsync)
            {
                Answer = typeof(ListOf<SessionView>),
                Query =
                [
                    new QueryParameter("limit", "1 to 100; 10 if absent.", IsInteger: true),
                    new QueryParameter("starting_after", "The id of the last session of the page before."),
                    new QueryParameter("order_id", "Only the sessions of this order."),
                    new QueryParameter("status", "Only this payment_status."),
                    new QueryParameter("created_from", "Created at or after, Unix seconds.", IsInteger: true),
                    new QueryParameter("created_to", "Created at or before, Unix seconds.", IsInteger: true),
                    new QueryParameter("transaction_hash", "Only the session that this transaction paid."),
                ],
            }
        );

    /// <summary>Lists payment sessions, newest first.</summary>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        var query = call.Query;
        var wanted = new SessionQuery(
            query.Limit(),
            query.Text("order_id"),
            query.OneOf("status", Statuses),
            query.Time("created_from"),
            // The second that is named still counts.
            query.Time("created_to")
                is { } to
                ? to + TimeSpan.FromMilliseconds(999)
                : null,
            query.Text("transaction_hash"),
            query.Id<SessionId>("starting_after")
        );
        if (query.End() is { } refused)
            return refused;
        var found = await call.Parts.Engine.Sessions.RunAsync(call.Caller, wanted, ct);
        return ListView.Of(ApiRoutes.Prefix + Path, wanted.Limit, found);
    }
}
