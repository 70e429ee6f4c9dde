using StablePay.Chains.Keys;
using StablePay.Storage;

namespace StablePay.Engine.Access;

/// <summary>How the answer of an Idempotency-Key is kept: as it is, or sealed where it holds a secret.</summary>
internal static class KeptAnswer
{
    /// <summary>Stands before sealed text. No JSON begins with it.</summary>
    private const byte Mark = 0;

    public static byte[] Seal(SecretBox box, IdempotencyClaim claim, byte[] body) =>
        [Mark, .. System.Text.Encoding.ASCII.GetBytes(box.Seal(Purpose(claim), body))];

    public static byte[] Open(SecretBox box, IdempotencyClaim claim, byte[] kept) =>
        kept is [Mark, .. var text] ? box.Open(Purpose(claim), System.Text.Encoding.ASCII.GetString(text)) : kept;

    private static string Purpose(IdempotencyClaim claim) => $"idempotency:{claim.KeyId}:{claim.Key}";
}
