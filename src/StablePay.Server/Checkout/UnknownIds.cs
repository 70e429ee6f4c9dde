using StablePay.Server.Api;

namespace StablePay.Server.Checkout;

/// <summary>
/// Ids of payments cannot be guessed (128 bits); who tries all the same is not answered for the rest of the second
/// (CO-07). Only requests for payments that do not exist count, so that many payers behind one address are let be.
/// </summary>
internal sealed class UnknownIds(RateLimits limits)
{
    public static void Use(WebApplication app, RateLimits limits)
    {
        var unknown = new UnknownIds(limits);
        app.UseWhen(http => http.Request.Path.StartsWithSegments("/checkout"), pages => pages.Use(unknown.LimitAsync));
    }

    private async Task LimitAsync(HttpContext http, RequestDelegate next)
    {
        if (!limits.MayMiss(http.Connection.RemoteIpAddress))
        {
            // A second that has just begun may have a second left, and a part of one.
            await RefusalScreen.TooMany(http, 2).ExecuteAsync(http);
            return;
        }
        await next(http);
        if (http.Response.StatusCode == StatusCodes.Status404NotFound)
            limits.Miss(http.Connection.RemoteIpAddress);
    }
}
