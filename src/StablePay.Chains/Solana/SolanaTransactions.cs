using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Solana;

/// <summary>What a token account held, before or after a transaction.</summary>
/// <param name="Account">Its place among the transaction's keys, those of lookup tables included (SOL-10).</param>
/// <param name="Program">The token program that keeps it.</param>
internal sealed record SolanaBalance(
    int Account,
    SolanaAddress Mint,
    SolanaAddress Owner,
    SolanaAddress Program,
    ulong Amount,
    int Decimals
);

/// <summary>A transaction with the token accounts that it names, as they were before and after it.</summary>
/// <param name="Succeeded"><c>meta.err</c> is there and null (P2, SOL-01).</param>
internal sealed record SolanaTransaction(
    string Signature,
    bool Succeeded,
    IReadOnlyList<SolanaAddress> Keys,
    IReadOnlyList<SolanaBalance> Before,
    IReadOnlyList<SolanaBalance> After
);

/// <summary>
/// Reads the transactions of a block as a stream. Nearly none of thousands is ours: such a one costs a look at the
/// owners of its token accounts and allocates nothing. One that names an owner of ours is read a second time, whole.
/// </summary>
internal sealed class SolanaTransactionReader(IAddressFilter ours)
{
    private readonly byte[] _owner = new byte[SolanaAddress.Length];

    /// <summary>Those that name an owner of ours, in the block's order.</summary>
    public List<SolanaTransaction> ReadAll(ref Utf8JsonReader json)
    {
        var found = new List<SolanaTransaction>();
        JsonMembers.Enter(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var again = json;
            if (NamesUs(ref json))
                found.Add(Read(ref again));
        }
        return json.TokenType == JsonTokenType.EndArray
            ? found
            : throw new JsonException("transactions are an array of objects");
    }

    private bool NamesUs(ref Utf8JsonReader json)
    {
        var (names, seen) = (false, 0);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (!JsonMembers.Is(json, "meta"u8, 1, ref seen))
            {
                JsonMembers.Skip(ref json);
                continue;
            }
            JsonMembers.Enter(ref json, JsonTokenType.StartObject);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (
                    JsonMembers.Is(json, "preTokenBalances"u8, 2, ref seen)
                    || JsonMembers.Is(json, "postTokenBalances"u8, 4, ref seen)
                )
                    names |= AnyIsOurs(ref json);
                else
                    JsonMembers.Skip(ref json);
            }
        }
        // A node that does not keep what transactions did would hide payments.
        return seen == 7 ? names : throw new JsonException("a transaction comes without its token balances");
    }

    private bool AnyIsOurs(ref Utf8JsonReader json)
    {
        var any = false;
        JsonMembers.Enter(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            var hasOwner = false;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (!json.ValueTextEquals("owner"u8))
                {
                    JsonMembers.Skip(ref json);
                    continue;
                }
                json.Read();
                hasOwner = json.TokenType == JsonTokenType.String && Keys.Base58.TryFill(json.ValueSpan, _owner);
                any |= hasOwner && ours.MayContain(_owner);
            }
            if (!hasOwner)
                throw new JsonException("a token balance has its owner, 32 bytes in base 58");
        }
        return json.TokenType == JsonTokenType.EndArray
            ? any
            : throw new JsonException("token balances are an array of objects");
    }

    private static SolanaTransaction Read(ref Utf8JsonReader json)
    {
        (string Signature, List<SolanaAddress> Keys)? told = null;
        (bool Succeeded, List<SolanaBalance> Before, List<SolanaBalance> After)? done = null;
        var seen = 0;
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "transaction"u8, 1, ref seen))
                told = Transaction(ref json);
            else if (JsonMembers.Is(json, "meta"u8, 2, ref seen))
                done = Meta(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        if (told is not { } t || done is not { } d)
            throw new JsonException("a transaction has transaction and meta");
        if (d.Before.Concat(d.After).Any(b => b.Account >= t.Keys.Count))
            throw new JsonException($"a token account of {t.Signature} is not among its {t.Keys.Count} keys");
        return new SolanaTransaction(t.Signature, d.Succeeded, t.Keys, d.Before, d.After);
    }

    private static (string Signature, List<SolanaAddress> Keys) Transaction(ref Utf8JsonReader json)
    {
        string? signature = null;
        List<SolanaAddress>? keys = null;
        var seen = 0;
        JsonMembers.Enter(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "signatures"u8, 1, ref seen))
                signature = FirstSignature(ref json);
            else if (JsonMembers.Is(json, "accountKeys"u8, 2, ref seen))
                keys = AccountKeys(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        return (
            signature ?? throw new JsonException("a transaction has its signature"),
            keys ?? throw new JsonException("a transaction has its keys")
        );
    }

    /// <summary>The first one is the transaction's id.</summary>
    private static string? FirstSignature(ref Utf8JsonReader json)
    {
        string? first = null;
        JsonMembers.Enter(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.String)
            first ??= SolanaJson.Signature(json);
        return json.TokenType == JsonTokenType.EndArray ? first : throw new JsonException("signatures are strings");
    }

    /// <summary>All keys in order: the transaction's own, then those that lookup tables gave it.</summary>
    private static List<SolanaAddress> AccountKeys(ref Utf8JsonReader json)
    {
        var keys = new List<SolanaAddress>();
        JsonMembers.Enter(ref json, JsonTokenType.StartArray);
        while (json.Read() && json.TokenType == JsonTokenType.StartObject)
        {
            SolanaAddress? key = null;
            var seen = 0;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                if (JsonMembers.Is(json, "pubkey"u8, 1, ref seen))
                    key = SolanaJson.Address(ref json);
                else
                    JsonMembers.Skip(ref json);
            }
            keys.Add(key ?? throw new JsonException("a key has its pubkey"));
        }
        return json.TokenType == JsonTokenType.EndArray ? keys : throw new JsonException("keys are objects");
    }

    private static (bool Succeeded, List<SolanaBalance> Before, List<SolanaBalance> After) Meta(ref Utf8JsonReader json)
    {
        var succeeded = false;
        List<SolanaBalance> before = [],
            after = [];
        var seen = 0;
        JsonMembers.Enter(ref json, JsonTokenType.StartObject);
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (JsonMembers.Is(json, "err"u8, 1, ref seen))
            {
                succeeded = SolanaJson.IsNull(ref json);
                json.Skip();
            }
            else if (JsonMembers.Is(json, "preTokenBalances"u8, 2, ref seen))
                before = SolanaBalances.Read(ref json);
            else if (JsonMembers.Is(json, "postTokenBalances"u8, 4, ref seen))
                after = SolanaBalances.Read(ref json);
            else
                JsonMembers.Skip(ref json);
        }
        return (succeeded, before, after);
    }
}
