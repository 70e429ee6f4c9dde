using System.Net;
using StablePay.Engine.Webhooks;

namespace StablePay.Fuzz.Targets;

/// <summary>
/// The addresses that a webhook's connection may be opened to, beside the special ranges written down once more.
/// </summary>
internal sealed class DialTarget : IFuzzTarget
{
    private static readonly EgressGuard Guard = new(EgressPolicy.Production);
    private static readonly EgressGuard Lenient = new(EgressPolicy.Production with { AllowLoopbackForTestMode = true });

    public string Name => "dial";

    public void Run(byte[] input)
    {
        if (input.Length < 4)
            return;
        Dial(new IPAddress(input.AsSpan(0, 4)));
        var wide = new byte[16];
        input.AsSpan(0, Math.Min(input.Length, 16)).CopyTo(wide);
        Dial(new IPAddress(wide));
    }

    /// <summary>Whether an address is one that anybody on the internet can have.</summary>
    public static bool IsPublic(IPAddress address)
    {
        var bytes = (address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address).GetAddressBytes();
        return bytes.Length == 4 ? IsPublic(bytes[0], bytes[1], bytes[2]) : IsPublicWide(bytes);
    }

    private static void Dial(IPAddress address)
    {
        var isPublic = IsPublic(address);
        Must.Equal(Guard.MayDial(address, live: true, isPlain: false), isPublic, $"{address}");
        Must.Equal(Guard.MayDial(address, live: false, isPlain: false), isPublic, $"{address} in test mode");
        Must.Equal(
            Lenient.MayDial(address, live: true, isPlain: false),
            isPublic,
            $"{address} where tests may loop back"
        );
        Must.Hold(!Guard.MayDial(address, live: true, isPlain: true), $"{address} without TLS");
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        Must.Equal(
            Lenient.MayDial(address, live: false, isPlain: true),
            IPAddress.IsLoopback(plain),
            $"{address} plain"
        );
        if (plain.GetAddressBytes().Length == 4)
            Must.Equal(Guard.MayDial(plain.MapToIPv6(), true, false), isPublic, $"{address} mapped");
    }

    private static bool IsPublic(byte a, byte b, byte c) =>
        (a, b, c) switch
        {
            (0 or 10 or 127 or >= 224, _, _) => false,
            (100, >= 64 and < 128, _) => false,
            (169, 254, _) => false,
            (172, >= 16 and < 32, _) => false,
            (192, 0, 0 or 2) => false,
            (192, 88, 99) => false,
            (192, 168, _) => false,
            (198, 18 or 19, _) => false,
            (198, 51, 100) => false,
            (203, 0, 113) => false,
            _ => true,
        };

    private static bool IsPublicWide(byte[] b)
    {
        var (first, second) = ((b[0] << 8) | b[1], (b[2] << 8) | b[3]);
        return first is >= 0x2000 and <= 0x3fff
            && !(first == 0x2001 && second < 0x0200)
            && !(first == 0x2001 && second == 0x0db8)
            && first != 0x2002
            && !(first == 0x3fff && second < 0x1000);
    }
}
