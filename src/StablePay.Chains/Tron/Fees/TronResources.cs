using System.Text.Json;

namespace StablePay.Chains.Tron;

/// <summary>What an account has left of its resources; all from 0 on.</summary>
/// <param name="Energy">From staked or rented TRX.</param>
/// <param name="FreeBandwidth">Bytes of the daily gift.</param>
/// <param name="StakedBandwidth">Bytes from staked TRX.</param>
public sealed record TronResources(long Energy, long FreeBandwidth, long StakedBandwidth)
{
    /// <summary>
    /// Whether the bandwidth costs nothing: one of the two pools has all of it, as a transaction is never split between
    /// them.
    /// </summary>
    public bool CoverBandwidth(long bytes) => bytes <= Math.Max(FreeBandwidth, StakedBandwidth);

    /// <summary>An account that the network does not know is told as <c>{}</c>: it has nothing.</summary>
    internal static TronResources Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("an account's resources are an object");
        var (energy, free, staked) = (default(Pool), default(Pool), default(Pool));
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (TronJson.Is(json, "EnergyLimit"u8, 1, ref seen))
                energy.Limit = TronJson.Number(ref json);
            else if (TronJson.Is(json, "EnergyUsed"u8, 2, ref seen))
                energy.Used = TronJson.Number(ref json);
            else if (TronJson.Is(json, "freeNetLimit"u8, 4, ref seen))
                free.Limit = TronJson.Number(ref json);
            else if (TronJson.Is(json, "freeNetUsed"u8, 8, ref seen))
                free.Used = TronJson.Number(ref json);
            else if (TronJson.Is(json, "NetLimit"u8, 16, ref seen))
                staked.Limit = TronJson.Number(ref json);
            else if (TronJson.Is(json, "NetUsed"u8, 32, ref seen))
                staked.Used = TronJson.Number(ref json);
            else
                TronJson.Skip(ref json);
        }
        return new TronResources(energy.Left, free.Left, staked.Left);
    }

    private struct Pool
    {
        public long Limit;
        public long Used;

        /// <summary>A limit shrinks when others stake more, and may then be below what was used.</summary>
        public readonly long Left => Math.Max(0, Limit - Used);
    }
}
