using StablePay.Server.Checkout.Cards;
using StablePay.Server.Pages;

namespace StablePay.Server.Checkout;

/// <summary>Pages without a payment: not found, no price, too many requests, something failed.</summary>
internal static class RefusalScreen
{
    public static IResult NotFound(HttpContext context) =>
        Page(
            context,
            StatusCodes.Status404NotFound,
            "neutral",
            "search",
            "not_found",
            w => Html.Text(w["not_found.text"])
        );

    public static IResult NotOurs(HttpContext context) =>
        Page(context, StatusCodes.Status403Forbidden, "warn", "alert", "foreign", w => Html.Text(w["foreign.text"]));

    public static IResult TooMany(HttpContext context, int seconds)
    {
        context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        return Page(
            context,
            StatusCodes.Status429TooManyRequests,
            "neutral",
            "clock",
            "too_many",
            w => w.Say("too_many.text", ("seconds", Html.Of($"{seconds}")))
        );
    }

    public static IResult NoRate(HttpContext context, string currency) =>
        Page(
            context,
            StatusCodes.Status503ServiceUnavailable,
            "neutral",
            "refresh",
            "no_rate",
            w => w.Say("no_rate.text", ("currency", Html.Text(currency)))
        );

    /// <summary>The number is the one that stands in the log.</summary>
    public static IResult Failed(HttpContext context) =>
        Page(
            context,
            StatusCodes.Status500InternalServerError,
            "bad",
            "alert",
            "error",
            w => w.Say("error.text", ("number", Html.Of($"""<span class="mono">{RequestNumber(context)}</span>""")))
        );

    private static string RequestNumber(HttpContext context) =>
        context.Response.Headers["X-Request-Id"].ToString() is { Length: > 0 } id ? id : context.TraceIdentifier;

    private static PageResult Page(
        HttpContext context,
        int status,
        string tone,
        string icon,
        string key,
        Func<Words, Html> text
    )
    {
        var language = Language.Of(context.Request);
        var words = language.Words;
        return new PageResult(
            Layout.Page(
                new PageFrame
                {
                    Language = language,
                    Title = words[key + ".title"],
                    Skip = words["skip"],
                    IsAlone = true,
                    Path = context.Request.Path,
                    Footer = CheckoutScreen.Footer(words),
                    Main = Html.Of(
                        $"""
                        <section class="card co-pay stack" aria-labelledby="title">
                        {CardParts.State(tone, icon, Html.Text(words[key + ".title"]), text(words))}
                        </section>
                        """
                    ),
                }
            ),
            status
        );
    }
}
