using System.Buffers;
using System.Security.Cryptography;
using System.Text;

namespace StablePay.Chains.Sandbox;

/// <summary>
/// Addresses of the sandbox: <c>sandbox1</c> and 32 digits. No wallet accepts one, so nobody can send real money to it.
/// </summary>
public static class SandboxAddress
{
    public const string Prefix = "sandbox1";
    private const int Digits = 32;
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("0123456789abcdefghijklmnopqrstuv");

    /// <summary>Networks that share their addresses, by one name: the two EVM networks do, as the real ones.</summary>
    public static string SpaceOf(NetworkId network) =>
        network.Value is "sandbox:ethereum" or "sandbox:bsc" ? "sandbox:evm" : network.Value;

    /// <summary>
    /// The address of an index on a network: 160 bits of a hash, so that addresses look like no sequence.
    /// </summary>
    public static string At(NetworkId network, long index) =>
        Of(string.Create(CultureInfo.InvariantCulture, $"stablepay sandbox|{SpaceOf(network)}|{index}"));

    /// <summary>An address that is nobody's.</summary>
    public static string Any(Dice dice)
    {
        Span<byte> chance = stackalloc byte[20];
        dice.Fill(chance);
        return Of("stablepay sandbox, nobody|" + Convert.ToHexStringLower(chance));
    }

    private static string Of(string text)
    {
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text));
        Span<char> digits = stackalloc char[Digits];
        Base32.Write(digits[..16], BitConverter.ToUInt64(hash) | (UInt128)hash[8] << 64 | (UInt128)hash[9] << 72);
        Base32.Write(digits[16..], BitConverter.ToUInt64(hash, 10) | (UInt128)hash[18] << 64 | (UInt128)hash[19] << 72);
        return string.Concat(Prefix, digits);
    }

    public static bool TryRead(string text, out byte[] raw)
    {
        var ok =
            text.Length == Prefix.Length + Digits
            && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan(Prefix.Length).ContainsAnyExcept(Alphabet);
        raw = ok ? Encoding.UTF8.GetBytes(text) : [];
        return ok;
    }
}

/// <summary>Deposit addresses of a sandbox network and those that share its addresses.</summary>
public sealed class SandboxDeriver(NetworkId network) : IAddressDeriver
{
    public string Scheme => SandboxAddress.SpaceOf(network);

    public long End => long.MaxValue;

    public string AddressAt(long index) => SandboxAddress.At(network, index);

    /// <summary>Derived again, and not otherwise: nothing that comes to a sandbox address has any worth.</summary>
    public byte[]? AgainAt(long index) => Encoding.UTF8.GetBytes(SandboxAddress.At(network, index));
}
