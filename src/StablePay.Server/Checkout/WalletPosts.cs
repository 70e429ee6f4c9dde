using System.Text.Json.Serialization;

namespace StablePay.Server.Checkout;

/// <summary>
/// What the scripts of wallets ask of the page's server: to make a transfer, to send it signed, and to hear that one
/// was sent. None of it changes a payment. Answers are JSON; each costs a question to a node, so they are counted per
/// address.
/// </summary>
internal sealed partial class WalletPosts(CheckoutCalls calls)
{
    /// <summary>A signed transaction with its escapes.</summary>
    private const int MostBytes = 16 * 1024;

    private const string Payer = "payer";
    private const string Transaction = "transaction";
    private const string Hash = "transaction_hash";

    public IReadOnlyList<(string Path, Func<string, HttpContext, Task<IResult>> Handle)> All =>
        [("/transfer", MakeAsync), ("/transfer/signed", SendAsync), ("/sent", NoteAsync)];

    private Task<IResult> MakeAsync(string id, HttpContext context) =>
        PostedAsync(
            id,
            context,
            [Payer],
            async (session, fields) =>
                Answer(
                    await calls.MakeTransfer(session, fields[0], context.RequestAborted),
                    text => new WalletAnswer(Transaction: text)
                )
        );

    private Task<IResult> SendAsync(string id, HttpContext context) =>
        PostedAsync(
            id,
            context,
            [Payer, Transaction],
            async (session, fields) =>
                Answer(
                    await calls.SendTransfer(session, fields[0], fields[1], context.RequestAborted),
                    hash => new WalletAnswer(TransactionHash: hash)
                )
        );

    private Task<IResult> NoteAsync(string id, HttpContext context) =>
        PostedAsync(
            id,
            context,
            [Hash],
            async (session, fields) =>
                await calls.NoteSent(session, fields[0], context.RequestAborted) is { } rejection
                    ? Refused(rejection)
                    : Json(new WalletAnswer(TransactionHash: fields[0]), StatusCodes.Status200OK)
        );

    private async Task<IResult> PostedAsync(
        string id,
        HttpContext context,
        string[] names,
        Func<SessionId, string[], Task<IResult>> handle
    )
    {
        context.Response.Headers.CacheControl = "no-store";
        if (FormGate.Refusal(context, MostBytes) is { } refusal)
            return refusal;
        if (!calls.MayAsk(context.Connection.RemoteIpAddress))
            return Refused(new Rejection(ErrorCode.RateLimitExceeded, "Too many requests; wait a second."));
        if (!CheckoutPages.CanBeId(id))
            return Refused(new Rejection(ErrorCode.ResourceNotFound, "There is no such payment."));
        if (!context.Request.HasFormContentType)
            return Refused(new Rejection(ErrorCode.ParameterMissing, "A form was expected.", names[0]));
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        foreach (var name in names)
            if (form[name] is not [{ Length: > 0 }])
                return Refused(new Rejection(ErrorCode.ParameterMissing, $"{name} must be there once.", name));
        return await handle(SessionId.From(id), [.. names.Select(name => form[name].ToString())]);
    }

    private static IResult Answer(Result<string> result, Func<string, WalletAnswer> of) =>
        result.IsOk ? Json(of(result.Value), StatusCodes.Status200OK) : Refused(result.Rejection);

    private static IResult Refused(Rejection rejection) =>
        Json(
            new WalletAnswer(Error: new WalletError(rejection.Code.Code, rejection.Message, rejection.Param)),
            rejection.Code.Status
        );

    private static IResult Json(WalletAnswer answer, int status) =>
        Results.Json(answer, AnswerJson.Default.WalletAnswer, statusCode: status);

    /// <summary>What came of it; members that say nothing are left out.</summary>
    internal sealed record WalletAnswer(
        string? Transaction = null,
        string? TransactionHash = null,
        WalletError? Error = null
    );

    internal sealed record WalletError(string Code, string Message, string? Param);

    [JsonSourceGenerationOptions(
        PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
    )]
    [JsonSerializable(typeof(WalletAnswer))]
    private sealed partial class AnswerJson : JsonSerializerContext;
}
