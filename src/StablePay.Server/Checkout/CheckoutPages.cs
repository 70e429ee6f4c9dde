using StablePay.Engine.Checkout;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout;

/// <summary>The hosted page of a payment, its forms and its status stream.</summary>
public static partial class CheckoutPages
{
    /// <summary>Adds the page and everything it loads. Nothing here asks for a login: the address is the key.</summary>
    public static void Map(IEndpointRouteBuilder routes, CheckoutCalls calls, TimeProvider clock)
    {
        Assets.Map(routes);
        var log = routes.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger("StablePay.Checkout");
        var forms = new CheckoutForms(calls);
        var stream = new StatusStream(calls, clock);
        var pages = routes.MapGroup("/checkout/{id}").ExcludeFromDescription();
        pages.MapGet(
            "",
            (string id, HttpContext context) => Guarded(context, log, () => ShowAsync(id, context, calls))
        );
        pages.MapPost(
            "/choose",
            (string id, HttpContext context) => Guarded(context, log, () => forms.ChooseAsync(id, context))
        );
        pages.MapPost(
            "/cancel",
            (string id, HttpContext context) => Guarded(context, log, () => forms.CancelAsync(id, context))
        );
        pages.MapPost(
            "/pay-test",
            (string id, HttpContext context) => Guarded(context, log, () => forms.PayAsync(id, context))
        );
        pages.MapPost(
            "/play",
            (string id, HttpContext context) => Guarded(context, log, () => forms.PlayAsync(id, context))
        );
        foreach (var (path, handle) in new WalletPosts(calls).All)
            pages.MapPost(path, (string id, HttpContext context) => Guarded(context, log, () => handle(id, context)));
        pages.MapGet("/status", (string id, HttpContext context) => stream.StatusAsync(id, context));
        pages.MapGet("/events", (string id, HttpContext context) => stream.RunAsync(id, context));
    }

    private static async Task<IResult> ShowAsync(string id, HttpContext context, CheckoutCalls calls)
    {
        var page = await FindAsync(id, calls, context.RequestAborted);
        return page is null
            ? RefusalScreen.NotFound(context)
            : new PageResult(CheckoutScreen.Render(View(context, page)));
    }

    internal static async Task<CheckoutPage?> FindAsync(string id, CheckoutCalls calls, CancellationToken ct) =>
        CanBeId(id) ? await calls.Page(SessionId.From(id), ct) : null;

    /// <summary>Text that no id can be is not looked up.</summary>
    internal static bool CanBeId(string id) =>
        id.Length is > 8 and <= 64
        && id.StartsWith(SessionId.Prefix, StringComparison.Ordinal)
        && id.AsSpan(SessionId.Prefix.Length).IndexOfAnyExcept(IdCharacters) < 0;

    private static readonly System.Buffers.SearchValues<char> IdCharacters = System.Buffers.SearchValues.Create(
        "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    );

    internal static CheckoutView View(HttpContext context, CheckoutPage page, string? refusal = null)
    {
        var query = context.Request.Query;
        return new CheckoutView
        {
            Page = page,
            Language = Language.Of(context.Request),
            FromExchange = query["from"] == "exchange",
            ChoosesAgain = query["change"] == "1",
            Asked = Asset.All.Where(a => a.Code == query["asset"]).Cast<Asset?>().FirstOrDefault(),
            Remembered = CheckoutForms.Remembered(context.Request),
            Played = TestPanel.PlayedIn(context.Request),
            Refusal = refusal,
        };
    }

    /// <summary>A failure is logged and shown as a page with its number; nothing else of it gets out.</summary>
    private static async Task<IResult> Guarded(HttpContext context, ILogger log, Func<Task<IResult>> handle)
    {
        try
        {
            return await handle();
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return Results.Empty;
        }
        catch (Exception failure)
        {
            LogFailure(log, failure, context.Request.Path, context.TraceIdentifier);
            return RefusalScreen.Failed(context);
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The page {Path} failed ({Request})")]
    private static partial void LogFailure(ILogger log, Exception failure, string path, string request);
}
