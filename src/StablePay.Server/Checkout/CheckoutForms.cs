using StablePay.Engine.Checkout;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout;

/// <summary>What a payer may change: the coin, the end, and in test mode the money.</summary>
internal sealed class CheckoutForms(CheckoutCalls calls)
{
    private const string Cookie = "coin";
    private const int MaxFormBytes = 4096;

    /// <summary>The coin and network that this browser chose last.</summary>
    public static (Asset Asset, NetworkId Network)? Remembered(HttpRequest request) =>
        BrowserCookie.Read(request, Cookie)?.Split('|') is [var asset, var network]
        && Asset.All.Contains(new Asset(asset))
            ? (new Asset(asset), new NetworkId(network))
            : null;

    public Task<IResult> ChooseAsync(string id, HttpContext context) =>
        PostedAsync(
            id,
            context,
            async page =>
            {
                var form = await context.Request.ReadFormAsync(context.RequestAborted);
                var option = page.Options.FirstOrDefault(o =>
                    o.Network.Id.Value == form["network"] && o.Token.Asset.Code == form["asset"]
                );
                if (option is null)
                    return Show(context, page, w => w["choose.missing"], StatusCodes.Status400BadRequest);
                var chosen = await calls.Choose(page.Id, option.Network.Id, option.Token.Asset, context.RequestAborted);
                if (!chosen.IsOk)
                    return Refused(
                        context,
                        page,
                        chosen.Rejection,
                        w =>
                            chosen.Rejection.Code == ErrorCode.TokenUnavailable
                                ? w.Plain(
                                    "choose.stopped",
                                    ("coin", option.Token.Asset.Code),
                                    ("network", option.Network.Name)
                                )
                                : w.Plain("choose.refused", ("network", option.Network.Name))
                    );
                BrowserCookie.Keep(context, Cookie, $"{option.Token.Asset.Code}|{option.Network.Id.Value}");
                return Back(page);
            }
        );

    public Task<IResult> CancelAsync(string id, HttpContext context) =>
        PostedAsync(
            id,
            context,
            async page =>
            {
                var canceled = await calls.Cancel(page.Id, context.RequestAborted);
                // A refusal means that money was seen meanwhile: the page itself says so better than any message.
                return canceled.IsOk || canceled.Rejection.Code == ErrorCode.SessionNotCancelable
                    ? Back(page)
                    : Refused(context, page, canceled.Rejection, w => w["error.title"]);
            }
        );

    public Task<IResult> PayAsync(string id, HttpContext context) =>
        PostedAsync(
            id,
            context,
            async page =>
            {
                if (page.Live)
                    return RefusalScreen.NotFound(context);
                var rejection = await calls.PayFromTestWallet(page.Id, context.RequestAborted);
                return rejection is null ? Back(page) : Refused(context, page, rejection, w => w["pay.test_refused"]);
            }
        );

    /// <summary>Each play writes a little, and whoever has the address may play: so it is counted per sender.</summary>
    public Task<IResult> PlayAsync(string id, HttpContext context) =>
        PostedAsync(
            id,
            context,
            async page =>
            {
                if (page.Live)
                    return RefusalScreen.NotFound(context);
                if (!calls.MayAsk(context.Connection.RemoteIpAddress))
                    return RefusalScreen.TooMany(context, 1);
                var form = await context.Request.ReadFormAsync(context.RequestAborted);
                var name = form["scenario"].ToString();
                var rejection = await calls.Play(page.Id, name, context.RequestAborted);
                return rejection is null
                    ? new SeeOther($"/checkout/{page.Id}?played={name}")
                    : Refused(context, page, rejection, w => w["panel.refused"]);
            }
        );

    private async Task<IResult> PostedAsync(string id, HttpContext context, Func<CheckoutPage, Task<IResult>> handle)
    {
        if (FormGate.Refusal(context, MaxFormBytes) is { } refusal)
            return refusal;
        var page = await CheckoutPages.FindAsync(id, calls, context.RequestAborted);
        return page is null ? RefusalScreen.NotFound(context) : await handle(page);
    }

    private static SeeOther Back(CheckoutPage page) => new SeeOther($"/checkout/{page.Id}");

    private static IResult Refused(
        HttpContext context,
        CheckoutPage page,
        Rejection rejection,
        Func<Words, string> sentence
    )
    {
        if (rejection.Code == ErrorCode.RateUnavailable)
            return RefusalScreen.NoRate(context, page.Quote.Amount.Currency.Code);
        return rejection.Code == ErrorCode.RateLimitExceeded
            ? RefusalScreen.TooMany(context, 20)
            : Show(context, page, sentence, rejection.Code.Status);
    }

    private static PageResult Show(HttpContext context, CheckoutPage page, Func<Words, string> sentence, int status)
    {
        var view = CheckoutPages.View(context, page);
        return new PageResult(CheckoutScreen.Render(view with { Refusal = sentence(view.Words) }), status);
    }
}

/// <summary>What every post to a page must pass: sent from our own page (UI-01), and short.</summary>
internal static class FormGate
{
    /// <summary>Null when the post may be read.</summary>
    public static IResult? Refusal(HttpContext context, int mostBytes)
    {
        if (!SameOrigin.Allows(context.Request))
            return RefusalScreen.NotOurs(context);
        return context.Request.ContentLength > mostBytes
            ? Results.StatusCode(StatusCodes.Status413PayloadTooLarge)
            : null;
    }
}
