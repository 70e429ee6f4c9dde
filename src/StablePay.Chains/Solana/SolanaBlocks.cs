using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Solana;

/// <summary>A block, and those of its transactions that touch tokens of ours.</summary>
internal sealed record SolanaBlock(BlockHeader Header, IReadOnlyList<SolanaTransaction> Ours);

/// <summary>Reads what <c>getBlock</c> answers about a slot.</summary>
/// <param name="slot">The slot that was asked about; the answer does not repeat it.</param>
/// <param name="transactions">Reads its transactions, or null if only the header was asked for.</param>
internal sealed class SolanaBlockReader(long slot, SolanaTransactionReader? transactions)
{
    /// <summary>The block, or null where the node answers null: it has none there.</summary>
    public SolanaBlock? Read(ref Utf8JsonReader json)
    {
        if (json.TokenType == JsonTokenType.Null)
            return null;
        if (json.TokenType != JsonTokenType.StartObject)
            throw new JsonException("a block is an object");
        string? hash = null,
            parentHash = null;
        long? parentSlot = null,
            time = null;
        List<SolanaTransaction>? ours = null;
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "blockhash"u8, 1, ref seen))
                hash = SolanaJson.Hash(ref json);
            else if (JsonMembers.Is(json, "previousBlockhash"u8, 2, ref seen))
                parentHash = SolanaJson.Hash(ref json);
            else if (JsonMembers.Is(json, "parentSlot"u8, 4, ref seen))
                parentSlot = JsonMembers.Number(ref json);
            else if (JsonMembers.Is(json, "blockTime"u8, 8, ref seen))
                time = Time(ref json);
            else if (transactions is not null && JsonMembers.Is(json, "transactions"u8, 16, ref seen))
                ours = transactions.ReadAll(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        if (hash is null || parentHash is null || parentSlot is not { } parent)
            throw new JsonException("a block has blockhash, previousBlockhash and parentSlot");
        if (transactions is not null && ours is null)
            throw new JsonException("the block comes without its transactions");
        if (parent >= slot && slot > 0)
            throw new JsonException($"the parent of slot {slot} is in slot {parent}");
        return new SolanaBlock(
            new BlockHeader(
                new BlockRef(slot, hash),
                // The first block names itself as its parent.
                new BlockRef(slot == 0 ? -1 : parent, parentHash),
                // On time or late is decided by it (P7), so a block whose time is not told yet is not read yet.
                NodeTime.FromSeconds(
                    time ?? throw new NodeException(NodeFault.Lagging, $"the node has no time of slot {slot} yet")
                )
            ),
            ours ?? []
        );
    }

    /// <summary>The slots that a node says have blocks: ascending, and only such as were asked for.</summary>
    public static IReadOnlyList<long> ReadSlots(ref Utf8JsonReader json, long from, long to)
    {
        if (json.TokenType != JsonTokenType.StartArray)
            throw new JsonException("slots are an array");
        var slots = new List<long>();
        var least = from;
        while (json.Read() && json.TokenType == JsonTokenType.Number)
        {
            var slot = json.GetInt64();
            if (slot < least || slot > to)
                throw new JsonException($"slots from {from} to {to} were asked for, and {slot} is out of turn");
            slots.Add(slot);
            least = slot + 1;
        }
        return json.TokenType == JsonTokenType.EndArray ? slots : throw new JsonException("slots are numbers");
    }

    private static long? Time(ref Utf8JsonReader json)
    {
        if (SolanaJson.IsNull(ref json))
            return null;
        return json.TokenType == JsonTokenType.Number ? json.GetInt64() : throw new JsonException("a time in seconds");
    }
}
