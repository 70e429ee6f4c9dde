using System.Text;
using System.Text.Json;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>What a node found when it tried a call without changing anything.</summary>
/// <param name="Energy">Used, the contract's surcharge included.</param>
/// <param name="Failure">Why the call would fail; null if it would not.</param>
internal sealed record TronTrial(long Energy, string? Failure)
{
    private const int MostWords = 200;

    /// <summary>
    /// Reads an answer of <c>/wallet/triggerconstantcontract</c>. What the call returned is not looked at: TRON's USDT
    /// returns false from a transfer that succeeds.
    /// </summary>
    public static TronTrial Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a call's trial is an object");
        Verdict? verdict = null;
        long? energy = null;
        var (failed, seen) = (false, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (TronJson.Is(json, "result"u8, 1, ref seen))
                verdict = ReadVerdict(ref json);
            else if (TronJson.Is(json, "energy_used"u8, 2, ref seen))
                energy = TronJson.Number(ref json);
            else if (TronJson.Is(json, "transaction"u8, 4, ref seen))
                failed = ReadHasFailed(ref json);
            else
                TronJson.Skip(ref json);
        }
        if (verdict is not { } told)
            throw new JsonException("a call's trial has a result");
        if (!told.Ran)
            throw new NodeException(NodeFault.Refused, $"the call was not tried: {told.Words ?? "no reason given"}");
        if (failed || told.Words is not null)
            return new TronTrial(energy ?? 0, told.Words ?? "it fails without a word");
        return energy is > 0
            ? new TronTrial(energy.Value, null)
            : throw new JsonException("a call's trial has used energy, above 0");
    }

    private static Verdict ReadVerdict(ref Utf8JsonReader json)
    {
        var (ran, seen) = (false, 0);
        string? code = null;
        string? message = null;
        TronJson.Enter(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (TronJson.Is(json, "result"u8, 1, ref seen))
                ran = json.Read() && json.TokenType == JsonTokenType.True;
            else if (TronJson.Is(json, "code"u8, 2, ref seen))
                code = Text(ref json) is var said && said == "SUCCESS" ? null : said;
            else if (TronJson.Is(json, "message"u8, 4, ref seen))
                message = Words(Text(ref json));
            else
                TronJson.Skip(ref json);
        }
        return new Verdict(ran, code is null ? message : $"{code} {message}".TrimEnd());
    }

    /// <summary>Whether <c>ret</c> of the transaction that was tried says anything but success.</summary>
    private static bool ReadHasFailed(ref Utf8JsonReader json)
    {
        var (failed, seen) = (false, 0);
        TronJson.Enter(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!TronJson.Is(json, "ret"u8, 1, ref seen))
            {
                TronJson.Skip(ref json);
                continue;
            }
            TronJson.Enter(ref json, JsonTokenType.StartArray);
            while (json.Read() && json.TokenType == JsonTokenType.StartObject)
                failed |= ReadOneHasFailed(ref json);
            if (json.TokenType != JsonTokenType.EndArray)
                throw new JsonException("ret is an array of objects");
        }
        return failed;
    }

    private static bool ReadOneHasFailed(ref Utf8JsonReader json)
    {
        var (failed, seen) = (false, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (TronJson.Is(json, "ret"u8, 1, ref seen))
                // The word for success is misspelt in the protocol; a node leaves it out.
                failed = !TronJson.Says(ref json, "SUCESS"u8);
            else
                TronJson.Skip(ref json);
        }
        return failed;
    }

    private static string Text(ref Utf8JsonReader json)
    {
        json.Read();
        return json.TokenType == JsonTokenType.String
            ? json.GetString()!
            : throw new JsonException("a text was expected");
    }

    /// <summary>Messages are hex of their text; one that is not is shown as it is. Null if there are none.</summary>
    private static string? Words(string message)
    {
        var bytes = new byte[message.Length / 2];
        var words =
            message.Length % 2 == 0 && Hex.TryParse(message.AsSpan(), bytes) ? Encoding.UTF8.GetString(bytes) : message;
        return words.Length switch
        {
            0 => null,
            > MostWords => words[..MostWords],
            _ => words,
        };
    }

    private readonly record struct Verdict(bool Ran, string? Words);
}
