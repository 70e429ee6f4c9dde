namespace StablePay.Server.Tests.Api;

/// <summary>Requests that create a session, each for an order of its own.</summary>
internal static class SessionBodies
{
    public const string Create = "/api/v1/checkout/sessions/create";
    private static int _orders;

    public static string NewOrder() =>
        string.Create(CultureInfo.InvariantCulture, $"order-{Interlocked.Increment(ref _orders)}");

    public static string BodyOf(string members, string? order = null) =>
        $$"""{"amount":2599,"currency":"USD","order_id":"{{order ?? NewOrder()}}"{{(members.Length > 0 ? "," + members : "")}}}""";
}
