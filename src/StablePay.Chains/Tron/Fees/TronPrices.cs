using System.Text.Json;

namespace StablePay.Chains.Tron;

/// <summary>
/// What resources cost at present, as the chain's parameters say. They are voted on, so they are read and never known.
/// </summary>
/// <param name="EnergySun">Sun for a unit of energy (<c>getEnergyFee</c>); above 0.</param>
/// <param name="BandwidthSun">Sun for a byte of bandwidth (<c>getTransactionFee</c>); above 0.</param>
/// <param name="HighestFeeLimitSun">No call may have a higher limit (<c>getMaxFeeLimit</c>); above 0.</param>
/// <param name="GrowthBasisPoints">
/// By how much a much-used contract's energy may grow in the next cycle of six hours, in ten-thousandths
/// (<c>getDynamicEnergyIncreaseFactor</c>); 0 to 10,000, and 0 where the network has no such rule.
/// </param>
public sealed record TronPrices(long EnergySun, long BandwidthSun, long HighestFeeLimitSun, long GrowthBasisPoints)
{
    internal const long Whole = 10_000;

    /// <summary>
    /// Reads <c>{"chainParameter":[{"key":"…","value":1},…]}</c>, where a value of 0 is left out. Keys that are not
    /// needed may say what they like.
    /// </summary>
    internal static TronPrices Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("chain parameters are an object");
        TronPrices? prices = null;
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (TronJson.Is(json, "chainParameter"u8, 1, ref seen))
                prices = ReadList(ref json);
            else
                TronJson.Skip(ref json);
        }
        return prices ?? throw new JsonException("there are no chain parameters");
    }

    private static TronPrices ReadList(ref Utf8JsonReader json)
    {
        Span<long> values = [-1, -1, -1, -1];
        TronJson.Enter(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var (wanted, value) = ReadOne(ref json);
            if (wanted < 0)
                continue;
            if (values[wanted] >= 0)
                throw new JsonException("a chain parameter comes twice");
            values[wanted] = value ?? throw new JsonException("a chain parameter is a number from 0 on");
        }
        if (json.TokenType != JsonTokenType.EndArray)
            throw new JsonException("chain parameters are an array of objects");
        if (values[0] <= 0 || values[1] <= 0 || values[2] <= 0)
            throw new JsonException("getEnergyFee, getTransactionFee and getMaxFeeLimit are above 0");
        return values[3] <= Whole
            ? new TronPrices(values[0], values[1], values[2], Math.Max(0, values[3]))
            : throw new JsonException("getDynamicEnergyIncreaseFactor is at most 10,000");
    }

    /// <summary>Which of the wanted ones it is, or -1; null for a value that is no number from 0 on.</summary>
    private static (int Wanted, long? Value) ReadOne(ref Utf8JsonReader json)
    {
        var (wanted, seen) = (-1, 0);
        long? value = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (TronJson.Is(json, "key"u8, 1, ref seen))
                wanted = ReadKey(ref json);
            else if (TronJson.Is(json, "value"u8, 2, ref seen))
                value = ReadValue(ref json);
            else
                TronJson.Skip(ref json);
        }
        return (wanted, value);
    }

    private static int ReadKey(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String)
            throw new JsonException("a chain parameter's key is a text");
        return json.ValueTextEquals("getEnergyFee"u8) ? 0
            : json.ValueTextEquals("getTransactionFee"u8) ? 1
            : json.ValueTextEquals("getMaxFeeLimit"u8) ? 2
            : json.ValueTextEquals("getDynamicEnergyIncreaseFactor"u8) ? 3
            : -1;
    }

    private static long? ReadValue(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.Number && json.TryGetInt64(out var value) && value >= 0)
            return value;
        json.Skip();
        return null;
    }
}
