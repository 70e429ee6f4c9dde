using System.Text;
using StablePay.Chains.Keys;

namespace StablePay.Chains.Solana;

/// <summary>
/// Solana Pay's link of a transfer. The amount is in units of the token, written out. Not every wallet reads it so: one
/// takes it for a thousand times as much, so the link is offered to wallets that are known to read it, and a bare
/// address to the rest.
/// </summary>
public static class SolanaPay
{
    private const int KeyLength = 32;

    /// <summary>
    /// <c>solana:&lt;recipient&gt;?amount=&lt;decimal&gt;&amp;spl-token=&lt;mint&gt;&amp;reference=&lt;key&gt;</c>. It
    /// always names the mint, so it can never be read as a transfer of SOL, and holds no text that a merchant or payer
    /// wrote (CO-04).
    /// </summary>
    /// <param name="recipient">The owner's account: the wallet finds the token account of it.</param>
    /// <exception cref="ArgumentException">Recipient or mint is no key of 32 bytes in base 58.</exception>
    public static string Transfer(string recipient, TokenAmount amount, PaymentReference reference)
    {
        if (!IsKey(recipient))
            throw new ArgumentException("This is no account of Solana.", nameof(recipient));
        if (!IsKey(amount.Token.Contract))
            throw new ArgumentException("The token has no mint.", nameof(amount));
        if (amount.Atoms == 0)
            throw new ArgumentOutOfRangeException(nameof(amount), "There is nothing to pay.");
        return new StringBuilder("solana:")
            .Append(recipient)
            .Append("?amount=")
            .Append(amount.ToPlainText())
            .Append("&spl-token=")
            .Append(amount.Token.Contract)
            .Append("&reference=")
            .Append(Base58.Encode(reference.Key))
            .ToString();
    }

    private static bool IsKey(string text) => Base58.TryDecode(text, out var key) && key.Length == KeyLength;
}
