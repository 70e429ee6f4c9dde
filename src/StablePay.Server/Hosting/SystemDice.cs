using System.Security.Cryptography;

namespace StablePay.Server.Hosting;

/// <summary>The operating system's generator: the only randomness in production (API-20).</summary>
internal sealed class SystemDice : Dice
{
    public override void Fill(Span<byte> bytes) => RandomNumberGenerator.Fill(bytes);
}
