using System.Security.Cryptography;
using StablePay.Core.Access;
using StablePay.Engine.Access;

namespace StablePay.Fuzz.Targets;

/// <summary>
/// The headers of a signed request, one a line: authorization, timestamp, nonce, signature; what follows is the body.
/// It is taken exactly if the rules of the contract, written down once more here, say so; and one flipped bit of what
/// was taken is refused.
/// </summary>
internal sealed class SignatureTarget : IFuzzTarget
{
    private const string Visible =
        "!\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~";

    private static readonly Instant Now = Instant.FromUnixSeconds(1_777_500_000);

    private static readonly byte[][] Secrets = ["test-secret-0001"u8.ToArray(), "test-secret-0002"u8.ToArray()];

    private static readonly KnownKey Known = new(
        new ApiKey("sk_test_fuzz", new StoreId("st_1"), false, Permissions.All, [], [], Now, null),
        new Store(
            new StoreId("st_1"),
            new MerchantId("m_1"),
            "A store",
            StoreStatus.Approved,
            TimeSpan.FromMinutes(30),
            0,
            Now
        ),
        new Merchant(new MerchantId("m_1"), "A merchant", Now),
        Secrets
    );

    public string Name => "signature";

    public void Run(byte[] input)
    {
        var lines = Encoding.Latin1.GetString(input).Split('\n', 5);
        if (lines.Length < 5)
            return;
        Key(lines[0]);
        var (timestamp, nonce, signature) = (lines[1], lines[2], lines[3]);
        var body = Encoding.Latin1.GetBytes(lines[4]);
        var isTaken = Check(timestamp, nonce, signature, body) is null;
        Must.Equal(isTaken, IsRight(timestamp, nonce, signature, body), "whether a request is taken");
        if (isTaken)
            Flip(timestamp, nonce, signature, body);
    }

    private static void Key(string header)
    {
        var refusal = Authentication.ReadKey(header, out var key);
        Must.Hold(refusal is null || key.IsEmpty, "a refused header gives no key");
        Must.Hold(
            refusal is not null || header.AsSpan().Contains(key, StringComparison.Ordinal),
            "a key stands in its header"
        );
    }

    private static Rejection? Check(string timestamp, string nonce, string signature, byte[] body) =>
        Authentication.Check(Known, new SignedRequest(timestamp, nonce, signature, null, body), Now);

    private static bool IsRight(string timestamp, string nonce, string signature, byte[] body)
    {
        var isTime =
            timestamp.Length is > 0 and <= 12
            && timestamp.All(char.IsAsciiDigit)
            && Math.Abs(long.Parse(timestamp, CultureInfo.InvariantCulture) - Now.UnixSeconds) <= 300;
        var isNonce = nonce.Length is >= 16 and <= 64 && nonce.All(c => Visible.Contains(c, StringComparison.Ordinal));
        return isTime && isNonce && Secrets.Any(secret => Sign(secret, timestamp, nonce, body) == signature);
    }

    private static string Sign(byte[] secret, string timestamp, string nonce, byte[] body)
    {
        using var mac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        mac.AppendData(Encoding.ASCII.GetBytes($"{timestamp}.{nonce}."));
        mac.AppendData(body);
        return Convert.ToHexStringLower(mac.GetHashAndReset());
    }

    /// <summary>Every bit of the signature, and of the body's beginning.</summary>
    private static void Flip(string timestamp, string nonce, string signature, byte[] body)
    {
        for (var bit = 0; bit < signature.Length * 8; bit++)
        {
            var other = signature.ToCharArray();
            other[bit / 8] ^= (char)(1 << (bit % 8));
            Must.Hold(Check(timestamp, nonce, new string(other), body) is not null, $"bit {bit} of the signature");
        }
        for (var bit = 0; bit < Math.Min(body.Length, 32) * 8; bit++)
        {
            var other = (byte[])body.Clone();
            other[bit / 8] ^= (byte)(1 << (bit % 8));
            Must.Hold(Check(timestamp, nonce, signature, other) is not null, $"bit {bit} of the body");
        }
    }
}
