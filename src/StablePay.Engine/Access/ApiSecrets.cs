using System.Text;
using StablePay.Chains.Keys;

namespace StablePay.Engine.Access;

/// <summary>
/// How Secret Keys stand in the database: sealed for their API key, so that one moved to another row does not open.
/// </summary>
public static class ApiSecrets
{
    public static string Seal(SecretBox box, string apiKey, string secret) =>
        box.Seal(Purpose(apiKey), Encoding.UTF8.GetBytes(secret));

    /// <summary>The key's secrets as bytes, newest first.</summary>
    public static IReadOnlyList<byte[]> Open(SecretBox box, ApiKey key) =>
        [.. key.SealedSecrets.Select(s => box.Open(Purpose(key.Key), s))];

    private static string Purpose(string apiKey) => $"api_key:{apiKey}";
}
