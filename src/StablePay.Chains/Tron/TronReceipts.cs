using System.Text.Json;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Tron;

/// <summary>A log that has the form of a transfer and whose recipient is ours, or seems to be.</summary>
/// <param name="Position">Its ordinal among the logs of its transaction.</param>
internal sealed record TronLog(int Position, TronAddress Contract, TransferForm Form);

/// <summary>What a transaction did, as its info tells it.</summary>
/// <param name="Succeeded">
/// <c>receipt.result</c> is exactly SUCCESS and nothing calls the transaction failed (P2, TRX-01, TRX-02).
/// </param>
internal readonly record struct TronReceipt(string Id, bool Succeeded, IReadOnlyList<TronLog> Ours);

/// <summary>
/// Reads the transaction infos of one block as a stream. Nearly every log on the chain is not for us: such a one costs
/// one look at its recipient and allocates nothing.
/// </summary>
internal sealed class TronReceiptReader(IAddressFilter ours, long height)
{
    private readonly byte[] _words = new byte[TransferForm.Length];
    private readonly byte[] _contract = new byte[EvmAddress.Length];

    /// <summary>
    /// All infos in the block's order. Null where the node answers an object without members: it has none for this
    /// block.
    /// </summary>
    public IReadOnlyList<TronReceipt>? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.StartObject)
            return json.Read() && json.TokenType == JsonTokenType.EndObject
                ? null
                : throw new JsonException("transaction infos are an array");
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("transaction infos are an array");
        var found = new List<TronReceipt>();
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            found.Add(ReadOne(ref json));
        return json.TokenType == JsonTokenType.EndArray
            ? found
            : throw new JsonException("transaction infos are an array of objects");
    }

    private TronReceipt ReadOne(ref Utf8JsonReader json)
    {
        string? id = null;
        var (number, hasFailed, succeeded) = (0L, false, false);
        List<TronLog>? logs = null;
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "id"u8, 1, ref seen))
                id = TronJson.Hash(ref json);
            else if (JsonMembers.Is(json, "blockNumber"u8, 2, ref seen))
                number = JsonMembers.Number(ref json);
            else if (JsonMembers.Is(json, "receipt"u8, 4, ref seen))
                succeeded = ResultIsSuccess(ref json);
            // The word for success is misspelt in the protocol; a node leaves it out.
            else if (JsonMembers.Is(json, "result"u8, 8, ref seen))
                hasFailed = !JsonMembers.Says(ref json, "SUCESS"u8);
            else if (JsonMembers.Is(json, "log"u8, 16, ref seen))
                ReadLogs(ref logs, ref json);
            else
                JsonMembers.Skip(ref json);
        }
        if (id is null)
            throw new JsonException("a transaction info has its id");
        if (number != height)
            throw new JsonException($"asked for the infos of block {height}, got one of {number}");
        return new(id, succeeded && !hasFailed, logs ?? []);
    }

    private static bool ResultIsSuccess(ref Utf8JsonReader json)
    {
        var (success, seen) = (false, 0);
        JsonMembers.Enter(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "result"u8, 1, ref seen))
                success = JsonMembers.Says(ref json, "SUCCESS"u8);
            else
                JsonMembers.Skip(ref json);
        }
        return success;
    }

    private void ReadLogs(ref List<TronLog>? logs, ref Utf8JsonReader json)
    {
        var position = 0;
        JsonMembers.Enter(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            if (ReadLog(ref json, position++) is { } log)
                (logs ??= []).Add(log);
        }
        if (json.TokenType != JsonTokenType.EndArray)
            throw new JsonException("logs are an array of objects");
    }

    private TronLog? ReadLog(ref Utf8JsonReader json, int position)
    {
        var (topics, dataLength, hasContract, seen) = (0, 0, false, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "address"u8, 1, ref seen))
            {
                json.Read();
                hasContract = TronJson.TryFill(json, _contract);
            }
            else if (JsonMembers.Is(json, "topics"u8, 2, ref seen))
                topics = ReadTopics(ref json);
            else if (JsonMembers.Is(json, "data"u8, 4, ref seen))
                dataLength = ReadData(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        if (!hasContract)
            throw new JsonException("a log has its address, 20 bytes of hex");
        return TransferForm.IsTransfer(_words, topics) && ours.MayContain(TransferForm.RecipientOf(_words))
            ? new TronLog(
                position,
                new TronAddress(new EvmAddress(_contract)),
                TransferForm.Read(_words, topics, dataLength)
            )
            : null;
    }

    /// <summary>Keeps the first three topics, and says how many there are.</summary>
    private int ReadTopics(ref Utf8JsonReader json)
    {
        var count = 0;
        JsonMembers.Enter(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.String)
        {
            if (count < TransferForm.Topics && !TronJson.TryFill(json, _words.AsSpan(count * 32, 32)))
                throw new JsonException("a topic is 32 bytes of hex");
            count++;
        }
        return json.TokenType == JsonTokenType.EndArray
            ? count
            : throw new JsonException("topics are an array of strings");
    }

    /// <summary>Keeps the data if it is one word, and says how long it is.</summary>
    private int ReadData(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String || json.ValueSpan.Length % 2 != 0)
            throw new JsonException("data is hex");
        var length = json.ValueSpan.Length / 2;
        if (length == 32 && !TronJson.TryFill(json, _words.AsSpan(96, 32)))
            throw new JsonException("data is hex");
        return length;
    }
}
