namespace StablePay.Core.Webhooks;

/// <summary>
/// The secret of a webhook endpoint, in the form of Standard Webhooks: <c>whsec_</c> and the base64 of 32 random bytes.
/// One text serves both signatures. Ours (contract section 8) takes the UTF-8 bytes of the whole text as its key, as
/// for every other Secret Key; the Standard Webhooks signature takes the decoded bytes after the prefix, as that
/// standard's libraries do when they are given the same text.
/// </summary>
public static class SigningSecret
{
    public const string Prefix = "whsec_";

    private const int Bytes = 32;

    public static string Make(Dice dice)
    {
        Span<byte> key = stackalloc byte[Bytes];
        dice.Fill(key);
        return Prefix + Convert.ToBase64String(key);
    }

    /// <summary>The key of the Standard Webhooks signature.</summary>
    public static byte[] StandardKey(string secret)
    {
        Invariant.Holds(secret.StartsWith(Prefix, StringComparison.Ordinal), "a signing secret has its prefix");
        return Convert.FromBase64String(secret[Prefix.Length..]);
    }
}
