using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Evm;

/// <summary>
/// A log of a pinned token whose recipient is ours, or seems to be; raw, nothing of it is believed yet.
/// </summary>
internal sealed record EvmLog(EvmAddress Contract, TransferForm Form, string TransactionHash, ulong LogIndex);

/// <summary>What a list of logs holds for us, and how many it had.</summary>
internal sealed record EvmLogList(IReadOnlyList<EvmLog> Ours, int Count)
{
    public static readonly EvmLogList Empty = new([], 0);
}

/// <summary>
/// Reads logs as a stream. Nearly every log on a chain is not for us: such a one costs one look at its recipient and
/// allocates nothing.
/// </summary>
internal sealed class EvmLogReader(IAddressFilter ours, string blockHash)
{
    private readonly byte[] _block = Hex.Parse(blockHash);
    private readonly byte[] _log = new byte[32 * 6];
    private readonly byte[] _contract = new byte[EvmAddress.Length];

    /// <summary>An array of log objects of exactly this block, or null where the node answers null.</summary>
    public EvmLogList? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("logs are an array");
        var found = new List<EvmLog>();
        var count = 0;
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            count++;
            if (ReadLog(ref json) is { } log)
                found.Add(log);
        }
        if (json.TokenType != JsonTokenType.EndArray)
            throw new JsonException("logs are an array of objects");
        return new EvmLogList(found, count);
    }

    private EvmLog? ReadLog(ref Utf8JsonReader json)
    {
        var transaction = _log.AsSpan(160, 32);
        var topics = 0;
        var dataLength = -1;
        var seen = 0;
        ulong? index = null;
        var (hasContract, hasBlock, hasTransaction) = (false, false, false);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "address"u8, 1, ref seen))
                hasContract = Fill(ref json, _contract);
            else if (JsonMembers.Is(json, "topics"u8, 2, ref seen))
                topics = ReadTopics(ref json);
            else if (JsonMembers.Is(json, "data"u8, 4, ref seen))
                dataLength = ReadWord(ref json, 3);
            else if (JsonMembers.Is(json, "logIndex"u8, 8, ref seen))
                index = EvmJson.Quantity(ref json);
            else if (JsonMembers.Is(json, "transactionHash"u8, 16, ref seen))
                hasTransaction = Fill(ref json, transaction);
            else if (JsonMembers.Is(json, "blockHash"u8, 32, ref seen))
                hasBlock = Fill(ref json, _log.AsSpan(128, 32)) && _log.AsSpan(128, 32).SequenceEqual(_block);
            else if (JsonMembers.Is(json, "removed"u8, 64, ref seen))
                RefuseRemoved(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        if (!hasContract || !hasBlock || !hasTransaction || index is null || dataLength < 0)
            throw new JsonException(
                "a log has its address, its transaction, its index and the block that was asked for"
            );
        // A node that forgot the filter sends other events too.
        if (!TransferForm.IsTransfer(_log, topics) || !ours.MayContain(TransferForm.RecipientOf(_log)))
            return null;
        return new EvmLog(
            new EvmAddress(_contract),
            TransferForm.Read(_log, topics, dataLength),
            Hex.ToData(transaction),
            index.Value
        );
    }

    /// <summary>Keeps the first three topics, and says how many there are.</summary>
    private int ReadTopics(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("topics are an array");
        var count = 0;
        while (json.Read() && json.TokenType == JsonTokenType.String)
        {
            if (count < TransferForm.Topics && !EvmJson.TryFill(json, _log.AsSpan(count * 32, 32)))
                throw new JsonException("a topic is 32 bytes");
            count++;
        }
        if (json.TokenType != JsonTokenType.EndArray)
            throw new JsonException("topics are an array of strings");
        return count;
    }

    /// <summary>Keeps the data if it is one word, and says how long it is.</summary>
    private int ReadWord(ref Utf8JsonReader json, int slot)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.String || !json.ValueSpan.StartsWith("0x"u8))
            throw new JsonException("data is 0x and hex");
        var length = (json.ValueSpan.Length - 2) / 2;
        if (length == 32 && !EvmJson.TryFill(json, _log.AsSpan(slot * 32, 32)))
            throw new JsonException("data is 0x and hex");
        return length;
    }

    private static bool Fill(ref Utf8JsonReader json, Span<byte> bytes)
    {
        json.Read();
        return EvmJson.TryFill(json, bytes);
    }

    private static void RefuseRemoved(ref Utf8JsonReader json)
    {
        json.Read();
        // A question by block hash has no removed logs; a node that answers one mixes branches (EVM-20).
        if (json.TokenType == JsonTokenType.True)
            throw new JsonException("a removed log in the answer about one block");
    }
}
