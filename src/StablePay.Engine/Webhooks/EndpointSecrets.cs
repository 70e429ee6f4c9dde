using System.Security.Cryptography;
using System.Text;
using StablePay.Chains.Keys;
using StablePay.Core.Webhooks;

namespace StablePay.Engine.Webhooks;

/// <summary>
/// How signing secrets stand in the database: sealed for their endpoint, so that one moved to another row does not
/// open.
/// </summary>
public static class EndpointSecrets
{
    public static string Seal(SecretBox box, EndpointId id, string secret) =>
        box.Seal(Purpose(id), Encoding.UTF8.GetBytes(secret));

    /// <summary>The endpoint's secrets, newest first.</summary>
    public static IReadOnlyList<string> Open(SecretBox box, WebhookEndpoint endpoint)
    {
        var secrets = new string[endpoint.SealedSecrets.Count];
        for (var i = 0; i < secrets.Length; i++)
        {
            var bytes = box.Open(Purpose(endpoint.Id), endpoint.SealedSecrets[i]);
            secrets[i] = Encoding.UTF8.GetString(bytes);
            CryptographicOperations.ZeroMemory(bytes);
        }
        return secrets;
    }

    private static string Purpose(EndpointId id) => $"webhook_endpoint:{id}";
}
