using System.Buffers.Binary;
using System.Text.Json;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Solana;

/// <summary>
/// Whether a node speaks for the network that is configured: its genesis hash, and that each pinned mint is there, in
/// the Token program, with the pinned decimals. Nothing is ever adapted to what a node says (EVM-15, TOK-16).
/// </summary>
/// <param name="genesisHash">The whole genesis hash to insist on, or null for its beginning in the id alone.</param>
internal sealed class SolanaProbe(Network network, string? genesisHash)
{
    public async Task RunAsync(JsonRpc node, CancellationToken ct)
    {
        var genesis = await node.CallAsync(
            "getGenesisHash",
            "[]",
            (ref Utf8JsonReader json) => json.GetString() ?? throw new JsonException("a genesis hash"),
            ct
        );
        // CAIP-2: the id of a Solana cluster is the first 32 characters of its genesis hash.
        var pinned = genesisHash ?? network.Id.Value.Split(':')[^1];
        if (genesisHash is null ? !genesis.StartsWith(pinned, StringComparison.Ordinal) : genesis != pinned)
            throw new WrongNetworkException(
                $"{network.Name}: the node's genesis hash is {genesis}, not {pinned}: it follows another chain."
            );
        foreach (var token in network.Tokens)
            await ProbeAsync(node, token, ct);
    }

    private async Task ProbeAsync(JsonRpc node, Token token, CancellationToken ct)
    {
        var found = await node.CallAsync(
            "getAccountInfo",
            $$"""["{{token.Contract}}",{"encoding":"base64","commitment":"confirmed"}]""",
            SolanaMint.Read,
            ct
        );
        if (found is not { } mint)
            throw Wrong(token, "does not exist");
        // Who holds a Token-2022 mint may take a fee from transfers, or move anybody's tokens (SOL-05).
        if (mint.Program == SolanaPrograms.Token2022)
            throw Wrong(token, $"is of Token-2022, which is not taken; its extensions are: {mint.Extensions()}");
        if (mint.Program != SolanaPrograms.Token)
            throw Wrong(token, $"belongs to {mint.Program} and not to the Token program");
        if (mint.Decimals is not { } decimals)
            throw Wrong(token, "is no mint");
        if (decimals != token.Decimals)
            throw Wrong(token, $"has {decimals} decimals; pinned are {token.Decimals}");
    }

    private WrongNetworkException Wrong(Token token, string what) =>
        new($"{network.Name}: {token.Asset} at {token.Contract} {what}.");
}

/// <summary>An account that should be a mint: who keeps it, and its bytes.</summary>
internal sealed record SolanaMint(SolanaAddress Program, byte[] Bytes)
{
    private const int Length = 82;
    private const int DecimalsAt = 44;
    private const int InitializedAt = 45;

    /// <summary>Mints with extensions are padded to the length of an account, and a byte says what they are.</summary>
    private const int ExtensionsAt = 166;

    /// <summary>Null if the bytes are no mint.</summary>
    public int? Decimals =>
        Bytes.Length >= Length && Bytes[InitializedAt] == 1 && Bytes.Length is Length or > ExtensionsAt
            ? Bytes[DecimalsAt]
            : null;

    /// <summary>The account in the answer, or null where there is none.</summary>
    public static SolanaMint? Read(ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var value = document.RootElement.GetProperty("value");
        return value.ValueKind == JsonValueKind.Null
            ? null
            : new SolanaMint(
                SolanaAddress.Parse(value.GetProperty("owner").GetString() ?? ""),
                value.GetProperty("data")[0].GetBytesFromBase64()
            );
    }

    /// <summary>The numbers of its extensions as the Token-2022 program counts them, for the operator.</summary>
    public string Extensions()
    {
        var numbers = new List<int>();
        for (var at = ExtensionsAt; at + 4 <= Bytes.Length; )
        {
            var number = BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(at));
            if (number == 0)
                break;
            numbers.Add(number);
            at += 4 + BinaryPrimitives.ReadUInt16LittleEndian(Bytes.AsSpan(at + 2));
        }
        return numbers.Count == 0 ? "none" : string.Join(", ", numbers);
    }
}
