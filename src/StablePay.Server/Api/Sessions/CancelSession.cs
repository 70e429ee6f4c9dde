using StablePay.Engine.Checkout;

namespace StablePay.Server.Api.Sessions;

internal sealed class CancelSession : IEndpoint
{
    private const int MostId = 128;

    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Post, "/checkout/sessions/{id}/cancel", Permissions.SessionsWrite, RunAsync)
            {
                Answer = typeof(SessionView),
            }
        );

    /// <summary>Cancels a payment session that nobody is paying.</summary>
    /// <remarks>
    /// The session becomes <c>expired</c> and <c>payment.expired</c> is sent. An unknown id gets the short success
    /// <c>{"id":…,"payment_status":"expired"}</c>: what the caller wants is so.
    /// </remarks>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        var body = call.ReadBody();
        if (!body.IsOk)
            return body.Rejection;
        body.Value.Root.End();
        if (body.Value.Rejection is not null)
            return body.Value.Rejection;
        if (!call.TryReadId<SessionId>(out var id))
            return Unknown(call.IdText);
        var canceled = await call.Parts.Engine.Checkout.CancelAsync(call.Caller, id, ct);
        if (canceled.IsOk)
            return Answer.Ok(canceled.Value.Json);
        // Another store's session answers like one that does not exist, so nothing is told (API-16).
        return canceled.Rejection.Code == ErrorCode.ResourceNotFound ? Unknown(id.Value) : canceled.Rejection;
    }

    private static Result<Answer> Unknown(string id) =>
        id.Length > MostId
            ? ApiCall.NotFound
            : Answer.Ok(
                new UnknownSessionView(id, SessionState.Expired.PaymentStatus),
                ApiJson.Default.UnknownSessionView
            );
}

/// <summary>The answer to the cancellation of an unknown session (contract section 4).</summary>
public sealed record UnknownSessionView(string Id, string PaymentStatus);
