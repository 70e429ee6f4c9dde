using System.Numerics;
using StablePay.Server.Api.Json;
using StablePay.Server.Api.Sessions;

namespace StablePay.Fuzz.Targets;

/// <summary>
/// The body that makes a session. What is taken keeps every rule of the contract, worked out here once more; what is
/// refused is refused with a message, and the same way when it is read again.
/// </summary>
internal sealed class RequestTarget : IFuzzTarget
{
    public string Name => "request";

    public void Run(byte[] input)
    {
        var body = JsonBody.Read(input);
        if (!body.IsOk)
            return;
        var read = SessionReader.Read(body.Value);
        var again = SessionReader.Read(JsonBody.Read(input).Value);
        Must.Equal(again.Rejection, read.Rejection, "a second reading");
        if (!read.IsOk)
        {
            Must.Hold(read.Rejection.Message.Length > 0, "a refusal says why");
            Must.Hold(read.Rejection.Param is not null, "a refusal names the field");
            return;
        }
        var (amount, order) = (read.Value.Amount, read.Value.Order);
        Must.Hold(amount.Minor > 0, "an amount is above zero");
        Must.Hold(Currency.All.Contains(amount.Currency), "a currency is one of ours");
        Must.Hold(order.OrderId.EnumerateRunes().Count() is >= 1 and <= 64, "an order number has 1 to 64 characters");
        Must.Hold(!order.OrderId.Any(char.IsControl), "an order number has no control characters");
        Must.Hold(order.Metadata.DistinctBy(m => m.Key).Count() == order.Metadata.Count, "metadata has each key once");
        Must.Hold(order.Metadata.Count <= 52, "metadata has 50 keys, and the two of the session");
        Url(order.SuccessUrl);
        Url(order.CancelUrl);
        if (order.LineItems.Count == 0)
            return;
        var sum = (BigInteger)(order.TaxAmount ?? 0) + (order.ShippingAmount ?? 0);
        foreach (var line in order.LineItems)
            sum += (BigInteger)line.UnitAmount * line.Quantity;
        Must.Equal(sum, amount.Minor, "the sum of the lines");
    }

    /// <summary>A browser that is sent there meets https, or its own machine; never a script or other credentials.</summary>
    private static void Url(string? text)
    {
        if (text is null)
            return;
        var url = new Uri(text, UriKind.Absolute);
        var isLocal = url.IsLoopback || url.Host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        Must.Hold(
            url.Scheme == Uri.UriSchemeHttps || (url.Scheme == Uri.UriSchemeHttp && isLocal),
            $"the address {text}"
        );
        Must.Hold(url.UserInfo.Length == 0 && url.Host.Length > 0, $"the host of {text}");
    }
}
