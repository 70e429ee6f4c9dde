using StablePay.Server.Api.Json;

namespace StablePay.Server.Api.Testing;

/// <summary>The coin of a test call.</summary>
internal static class TestCoin
{
    /// <summary>Reads the member <c>token</c>; null if it is absent.</summary>
    public static Asset? Read(JsonObject root, int mostText)
    {
        var token = root.OptionalText("token", mostText);
        var asset = token is null ? (Asset?)null : Asset.All.FirstOrDefault(a => a.Code == token);
        if (asset?.Code is null && token is not null)
            root.Refuse("token", "is USDT or USDC.");
        return asset;
    }
}
