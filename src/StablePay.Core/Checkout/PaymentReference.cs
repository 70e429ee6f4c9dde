using System.Security.Cryptography;
using System.Text;

namespace StablePay.Core.Checkout;

/// <summary>
/// The number that a wallet payment carries so that it is found quickly: behind the call data of <c>transfer</c> on
/// EVM networks and TRON, as an account that does nothing on Solana. It follows from the session and its choice, so
/// nothing is stored. Anyone can copy it into any transaction: it is a hint where to look and proves nothing. What is
/// credited is decided by token, address and amount alone (SOL-07).
/// </summary>
public readonly record struct PaymentReference
{
    /// <summary>Bytes behind call data.</summary>
    public const int ShortLength = 16;

    private const string Domain = "stablepay payment reference 1";

    private readonly byte[] _key;

    private PaymentReference(byte[] key) => _key = key;

    /// <summary>The same for the same session, token and address, for ever.</summary>
    public static PaymentReference Of(SessionId session, Token token, string address) =>
        new(
            SHA256.HashData(
                Encoding.UTF8.GetBytes($"{Domain}\n{session}\n{token.Network}\n{token.Contract}\n{address}")
            )
        );

    /// <summary>32 bytes, the size of a Solana account's key.</summary>
    public ReadOnlySpan<byte> Key => _key;

    /// <summary>The first 16 bytes.</summary>
    public ReadOnlySpan<byte> Short => _key.AsSpan(0, ShortLength);

    public override string ToString() => Convert.ToHexStringLower(Short);
}
