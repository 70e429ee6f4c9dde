namespace StablePay.Core.Primitives;

/// <summary>
/// Base 32 with the digits 0-9a-v (RFC 4648 section 7 in lower case, unpadded): text sorts as the bytes do, in every
/// collation that puts digits before letters.
/// </summary>
public static class Base32
{
    private const string Digits = "0123456789abcdefghijklmnopqrstuv";

    /// <summary>Writes the low 5 × length bits of the value, most significant digit first.</summary>
    public static void Write(Span<char> text, UInt128 value)
    {
        for (var i = text.Length - 1; i >= 0; i--)
        {
            text[i] = Digits[(int)(value & 31)];
            value >>= 5;
        }
    }
}
