using System.Text;
using System.Text.Json;
using StablePay.Server.Pages;

namespace StablePay.Server.Demo;

/// <summary>
/// A small shop that ships with the program: an ordinary client of the public API, with a page, an order page and a
/// webhook receiver. On only in the sandbox.
/// </summary>
public static class DemoShop
{
    private const int MaxHookBytes = 256 * 1024;
    private const string Sessions = "/api/v1/checkout/sessions";

    public static void Map(
        IEndpointRouteBuilder routes,
        DemoCredentials credentials,
        HttpClient http,
        TimeProvider clock,
        Dice dice
    )
    {
        var api = new DemoApi(credentials, http, clock, dice);
        var inbox = new DemoInbox(credentials, clock);
        var shop = routes.MapGroup("/demo").ExcludeFromDescription();
        shop.MapGet(
            "",
            (HttpContext context) =>
                new PageResult(DemoScreen.Render(context, Basket(context.Request.Query), inbox.Latest, null))
        );
        // The casts keep these from being taken for delegates that answer by themselves.
        shop.MapPost("/buy", (Delegate)((HttpContext context) => BuyAsync(context, api, inbox, credentials, dice)));
        shop.MapGet("/orders/{order}", (string order, HttpContext context) => OrderAsync(order, context, api));
        shop.MapPost("/orders/{order}/simulate", (string order, HttpContext context) => PlayAsync(order, context, api));
        shop.MapPost("/orders/{order}/clock", (string order, HttpContext context) => ClockAsync(order, context, api));
        shop.MapPost("/webhooks", (Delegate)((HttpContext context) => ReceiveAsync(context, inbox)));
        shop.MapGet("/events", (HttpContext context) => EventStream.RunAsync(context, Lines(context, inbox), clock));
    }

    private static async Task<IResult> BuyAsync(
        HttpContext context,
        DemoApi api,
        DemoInbox inbox,
        DemoCredentials credentials,
        Dice dice
    )
    {
        if (!SameOrigin.Allows(context.Request))
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var basket = DemoBasket.Of(form["currency"], form["quantity"]);
        var product = Language.Of(context.Request).Words["demo.product"];
        var body = basket.ToRequest(OrderNumber(dice), product, credentials.BaseUrl.TrimEnd('/'));
        var answer = await api.PostAsync($"{Sessions}/create", body, context.RequestAborted);
        return answer.Json?.GetProperty("url").GetString() is { } url
            ? new SeeOther(Local(url, credentials.BaseUrl))
            : new PageResult(
                DemoScreen.Render(context, basket, inbox.Latest, answer.Refusal),
                StatusCodes.Status502BadGateway
            );
    }

    /// <summary>
    /// The page of the payment as a path: the shop lives on the same server, and a form's redirect to another name of
    /// the same machine would be blocked by the page's own policy.
    /// </summary>
    private static string Local(string url, string baseUrl) =>
        url.StartsWith(baseUrl.TrimEnd('/') + "/", StringComparison.Ordinal) ? url[baseUrl.TrimEnd('/').Length..] : url;

    /// <summary>Asks the API where the order stands. That the browser came back proves nothing.</summary>
    private static async Task<IResult> OrderAsync(
        string order,
        HttpContext context,
        DemoApi api,
        string? refusal = null
    )
    {
        var (found, unknown) = await FindAsync(order, context, api);
        var clock = found is null ? null : await DemoTools.ReadClockAsync(api, context.RequestAborted);
        var tools = DemoTools.Render(context, PathOf(order), found, clock, refusal);
        return new PageResult(
            DemoScreen.RenderOrder(context, order, found, unknown, tools),
            found is null ? StatusCodes.Status404NotFound
                : refusal is null ? StatusCodes.Status200OK
                : StatusCodes.Status400BadRequest
        );
    }

    /// <summary>Plays a scenario on the order's session.</summary>
    private static async Task<IResult> PlayAsync(string order, HttpContext context, DemoApi api)
    {
        if (!SameOrigin.Allows(context.Request))
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        var scenario = form["scenario"].ToString();
        var (found, _) = await FindAsync(order, context, api);
        if (found is null)
            return await OrderAsync(order, context, api);
        var played = await DemoTools.PlayAsync(api, found.SessionId, scenario, context.RequestAborted);
        return played.Refusal is { } refusal
            ? await OrderAsync(order, context, api, refusal)
            : new SeeOther($"{PathOf(order)}?played={Uri.EscapeDataString(scenario)}");
    }

    /// <summary>Moves the test clock of the shop, and comes back to the order.</summary>
    private static async Task<IResult> ClockAsync(string order, HttpContext context, DemoApi api)
    {
        if (!SameOrigin.Allows(context.Request))
            return Results.StatusCode(StatusCodes.Status403Forbidden);
        var moved = await DemoTools.MoveClockAsync(api, context.RequestAborted);
        return moved.Refusal is { } refusal
            ? await OrderAsync(order, context, api, refusal)
            : new SeeOther(PathOf(order));
    }

    private static async Task<(DemoOrder? Found, string? Refusal)> FindAsync(
        string order,
        HttpContext context,
        DemoApi api
    )
    {
        var answer = await api.GetAsync(
            $"{Sessions}?order_id={Uri.EscapeDataString(order)}&limit=1",
            context.RequestAborted
        );
        var found =
            answer.Json is { } list && list.GetProperty("data") is { } data && data.GetArrayLength() > 0
                ? DemoOrder.Of(data[0])
                : null;
        return (found, answer.Refusal);
    }

    private static string PathOf(string order) => $"/demo/orders/{Uri.EscapeDataString(order)}";

    private static async Task<IResult> ReceiveAsync(HttpContext context, DemoInbox inbox)
    {
        if (context.Request.ContentLength is null or > MaxHookBytes)
            return Results.StatusCode(StatusCodes.Status413PayloadTooLarge);
        var body = new byte[context.Request.ContentLength.Value];
        await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
        var hook = inbox.Receive(context.Request.Headers, body);
        return Results.StatusCode(hook.IsTrusted ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest);
    }

    private static async IAsyncEnumerable<string> Lines(HttpContext context, DemoInbox inbox)
    {
        var words = Language.Of(context.Request).Words;
        await foreach (var hook in inbox.WatchAsync(context.RequestAborted))
            yield return Encoding.UTF8.GetString(DemoScreen.HookJson(hook, words));
    }

    private static DemoBasket Basket(IQueryCollection query) => DemoBasket.Of(query["currency"], query["quantity"]);

    /// <summary>Short to read aloud, and new after every restart.</summary>
    private static string OrderNumber(Dice dice)
    {
        Span<byte> random = stackalloc byte[4];
        dice.Fill(random);
        Span<char> digits = stackalloc char[6];
        Base32.Write(digits, BitConverter.ToUInt32(random));
        return $"A-{digits}".ToUpperInvariant();
    }
}

/// <summary>An order as the API describes it.</summary>
internal sealed record DemoOrder(string Status, string? Exception, FiatAmount Amount, string Url, string SessionId)
{
    public static DemoOrder Of(JsonElement json) =>
        new(
            json.GetProperty("payment_status").GetString()!,
            json.GetProperty("exception").GetString(),
            new FiatAmount(
                Currency.Find(json.GetProperty("currency").GetString()!)!,
                json.GetProperty("amount_total").GetInt64()
            ),
            json.GetProperty("url").GetString()!,
            json.GetProperty("id").GetString()!
        );
}
