using StablePay.Engine.Checkout;

namespace StablePay.Server.Api.Sessions;

internal sealed class CreateSession : IEndpoint
{
    public static void Map(ApiRoutes api) =>
        api.Add(
            new ApiRoute(HttpMethods.Post, "/checkout/sessions/create", Permissions.SessionsWrite, RunAsync)
            {
                Body = typeof(CreateSessionRequest),
                Answer = typeof(SessionView),
            }
        );

    /// <summary>Creates a payment session.</summary>
    /// <remarks>
    /// The rate is locked and the amount due is fixed for the life of the session. The same <c>order_id</c> with the
    /// same amount and currency gives the same session again.
    /// </remarks>
    public static async Task<Result<Answer>> RunAsync([FromPipeline] ApiCall call, CancellationToken ct)
    {
        var body = call.ReadBody();
        if (!body.IsOk)
            return body.Rejection;
        var wanted = SessionReader.Read(body.Value);
        if (!wanted.IsOk)
            return wanted.Rejection;
        var opened = await call.Parts.Engine.Checkout.OpenAsync(call.Caller, wanted.Value, ct);
        return opened.IsOk ? Answer.Ok(opened.Value.Json) : opened.Rejection;
    }
}
