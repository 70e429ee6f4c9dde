using System.Buffers.Binary;
using System.Text.Json;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Tron;

/// <summary>A transaction of a block as the block tells it.</summary>
/// <param name="Succeeded">
/// <c>contractRet</c> is exactly SUCCESS; absent or anything else is not success (P2, TRX-01).
/// </param>
internal readonly record struct TronBlockTransaction(string Id, bool Succeeded);

/// <summary>A header with the block's transactions; they are what its receipts are compared with.</summary>
internal sealed record TronBlock(BlockHeader Header, IReadOnlyList<TronBlockTransaction> Transactions);

/// <summary>Reads blocks as the HTTP API writes them. Members that are zero are absent there.</summary>
internal static class TronBlocks
{
    /// <summary>A block object, or null for <c>{}</c>: the node has none there.</summary>
    public static TronBlock? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a block is an object");
        string? id = null;
        (long Number, long Time, string Parent)? raw = null;
        var transactions = new List<TronBlockTransaction>();
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "blockID"u8, 1, ref seen))
                id = TronJson.Hash(ref json);
            else if (JsonMembers.Is(json, "block_header"u8, 2, ref seen))
                raw = Header(ref json);
            else if (JsonMembers.Is(json, "transactions"u8, 4, ref seen))
                Fill(transactions, ref json);
            else
                JsonMembers.Skip(ref json);
        }
        if (seen == 0)
            return null;
        if (id is null || raw is not { } header)
            throw new JsonException("a block has blockID and block_header");
        // A block's id begins with its number, so that one cannot stand at another height.
        if (BinaryPrimitives.ReadInt64BigEndian(Hex.Parse(id)) != header.Number)
            throw new JsonException("the block's id is of another height");
        return new TronBlock(
            new BlockHeader(
                new BlockRef(header.Number, id),
                new BlockRef(header.Number - 1, header.Parent),
                NodeTime.FromMilliseconds(header.Time)
            ),
            transactions
        );
    }

    private static (long Number, long Time, string Parent) Header(ref Utf8JsonReader json)
    {
        (long, long, string)? raw = null;
        var seen = 0;
        JsonMembers.Enter(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "raw_data"u8, 1, ref seen))
                raw = RawData(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        return raw ?? throw new JsonException("a block header has raw_data");
    }

    private static (long Number, long Time, string Parent) RawData(ref Utf8JsonReader json)
    {
        var (number, time) = (0L, 0L);
        string? parent = null;
        var seen = 0;
        JsonMembers.Enter(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "number"u8, 1, ref seen))
                number = JsonMembers.Number(ref json);
            else if (JsonMembers.Is(json, "timestamp"u8, 2, ref seen))
                time = JsonMembers.Number(ref json);
            else if (JsonMembers.Is(json, "parentHash"u8, 4, ref seen))
                parent = TronJson.Hash(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        return (number, time, parent ?? throw new JsonException("a block header has parentHash"));
    }

    private static void Fill(List<TronBlockTransaction> transactions, ref Utf8JsonReader json)
    {
        JsonMembers.Enter(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            transactions.Add(Transaction(ref json));
        if (json.TokenType != JsonTokenType.EndArray)
            throw new JsonException("transactions are an array of objects");
    }

    private static TronBlockTransaction Transaction(ref Utf8JsonReader json)
    {
        string? id = null;
        var succeeded = false;
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "txID"u8, 1, ref seen))
                id = TronJson.Hash(ref json);
            else if (JsonMembers.Is(json, "ret"u8, 2, ref seen))
                succeeded = AllSucceeded(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        return new(id ?? throw new JsonException("a transaction has txID"), succeeded);
    }

    private static bool AllSucceeded(ref Utf8JsonReader json)
    {
        var (count, good) = (0, 0);
        JsonMembers.Enter(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            count++;
            var seen = 0;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (!JsonMembers.Is(json, "contractRet"u8, 1, ref seen))
                    JsonMembers.Skip(ref json);
                else if (JsonMembers.Says(ref json, "SUCCESS"u8))
                    good++;
            }
        }
        return count > 0 && good == count;
    }
}
