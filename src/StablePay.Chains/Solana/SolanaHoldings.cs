using System.Buffers.Binary;
using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Solana;

/// <summary>
/// Balances on Solana, all of one finalized slot, which the node tells with them. The account that is asked for is the
/// one that follows from owner and mint: no other is shown to payers, and none is credited.
/// </summary>
internal sealed class SolanaHoldings(JsonRpc rpc)
{
    /// <summary>Nodes refuse more accounts in one question.</summary>
    public const int MostAtOnce = 100;

    public async Task<Holdings> ReadAsync(IReadOnlyList<TokenAt> accounts, BlockRef final, CancellationToken ct)
    {
        var asked = string.Join(',', accounts.Select(a => $"\"{AccountOf(a)}\""));
        var question = string.Create(
            CultureInfo.InvariantCulture,
            $$"""[[{{asked}}],{"commitment":"finalized","encoding":"base64","minContextSlot":{{final.Height}}}]"""
        );
        return await rpc.CallAsync(
            "getMultipleAccounts",
            question,
            (ref Utf8JsonReader json) => Read(ref json, accounts, final.Height),
            ct
        );
    }

    private static SolanaAddress AccountOf(TokenAt at) =>
        SolanaPrograms.AssociatedAccountOf(
            SolanaAddress.Parse(at.Address),
            SolanaAddress.Parse(at.Token.Contract),
            SolanaPrograms.Token
        );

    private static Holdings Read(ref Utf8JsonReader json, IReadOnlyList<TokenAt> accounts, long final)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var slot = document.RootElement.GetProperty("context").GetProperty("slot").GetInt64();
        if (slot < final)
            throw new NodeException(NodeFault.Lagging, $"the node answers for slot {slot}, and slot {final} is final");
        var values = document.RootElement.GetProperty("value");
        if (values.GetArrayLength() != accounts.Count)
            throw new JsonException("an account for each that was asked for was expected");
        var held = new Dictionary<TokenAt, Holding>(accounts.Count);
        for (var i = 0; i < accounts.Count; i++)
            held[accounts[i]] = HoldingOf(values[i], accounts[i]);
        return new Holdings(slot, slot, held);
    }

    private static Holding HoldingOf(JsonElement account, TokenAt at)
    {
        // An account that nobody has paid into, or that was closed.
        if (account.ValueKind == JsonValueKind.Null)
            return default;
        // Whatever else stands there holds none of our tokens; a lamport that was sent there makes such an account.
        if (SolanaAddress.Parse(account.GetProperty("owner").GetString() ?? "") != SolanaPrograms.Token)
            return default;
        return SolanaTokenAccount.Read(account.GetProperty("data")[0].GetBytesFromBase64(), at);
    }
}

/// <summary>The bytes of an account of the Token program.</summary>
internal static class SolanaTokenAccount
{
    private const int Length = 165;
    private const int OwnerAt = 32;
    private const int AmountAt = 64;
    private const int StateAt = 108;
    private const byte Initialized = 1;
    private const byte Frozen = 2;

    public static Holding Read(ReadOnlySpan<byte> bytes, TokenAt at)
    {
        if (bytes.Length != Length || bytes[StateAt] is not (Initialized or Frozen))
            throw new JsonException($"the token account of {at.Address} is none");
        if (new SolanaAddress(bytes[..SolanaAddress.Length]) != SolanaAddress.Parse(at.Token.Contract))
            throw new JsonException($"the token account of {at.Address} is of another mint");
        // Whoever is its owner now has what is in it (SOL-03).
        return new SolanaAddress(bytes.Slice(OwnerAt, SolanaAddress.Length)) == SolanaAddress.Parse(at.Address)
            ? new Holding(BinaryPrimitives.ReadUInt64LittleEndian(bytes[AmountAt..]), bytes[StateAt] == Frozen)
            : default;
    }
}
