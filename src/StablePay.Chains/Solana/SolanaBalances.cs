using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Solana;

/// <summary>Reads the token balances of one transaction.</summary>
internal static class SolanaBalances
{
    public static List<SolanaBalance> Read(ref Utf8JsonReader json)
    {
        var balances = new List<SolanaBalance>();
        JsonMembers.Enter(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
            balances.Add(ReadOne(ref json));
        return balances.DistinctBy(b => b.Account).Count() == balances.Count
            ? balances
            : throw new JsonException("a token account has two balances");
    }

    private static SolanaBalance ReadOne(ref Utf8JsonReader json)
    {
        long? account = null;
        SolanaAddress? mint = null,
            owner = null,
            program = null;
        (ulong Amount, int Decimals)? held = null;
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "accountIndex"u8, 1, ref seen))
                account = JsonMembers.Number(ref json);
            else if (JsonMembers.Is(json, "mint"u8, 2, ref seen))
                mint = SolanaJson.Address(ref json);
            else if (JsonMembers.Is(json, "owner"u8, 4, ref seen))
                owner = SolanaJson.Address(ref json);
            else if (JsonMembers.Is(json, "programId"u8, 8, ref seen))
                program = SolanaJson.Address(ref json);
            else if (JsonMembers.Is(json, "uiTokenAmount"u8, 16, ref seen))
                held = Held(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        return account is { } a && mint is { } m && owner is { } o && program is { } p && held is { } h
            ? new SolanaBalance(checked((int)a), m, o, p, h.Amount, h.Decimals)
            : throw new JsonException("a token balance has its account, mint, owner, program and amount");
    }

    /// <summary>
    /// Only the digits of <c>amount</c> are read: <c>uiAmount</c> is a fraction in binary, and the other text depends
    /// on what the token calls a unit (SOL-15).
    /// </summary>
    private static (ulong Amount, int Decimals) Held(ref Utf8JsonReader json)
    {
        ulong? amount = null;
        long? decimals = null;
        var seen = 0;
        JsonMembers.Enter(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "amount"u8, 1, ref seen))
                amount = SolanaJson.Amount(ref json);
            else if (JsonMembers.Is(json, "decimals"u8, 2, ref seen))
                decimals = JsonMembers.Number(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        return amount is { } a && decimals is { } d
            ? (a, checked((int)d))
            : throw new JsonException("a token's amount has amount and decimals");
    }
}
