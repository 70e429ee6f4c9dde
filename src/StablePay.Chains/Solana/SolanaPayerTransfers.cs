using System.Text.Json;
using StablePay.Chains.Keys;
using StablePay.Chains.Rpc;

namespace StablePay.Chains.Solana;

/// <summary>
/// Makes the token transfer that a payer's wallet signs, and sends it for a wallet that only signs. A signed one is
/// made again from the order with the blockhash that came back, and must be the same to the byte and signed by the
/// payer: so nothing can be sent through us but that transfer. It cannot be kept for later either: what outlives its
/// blockhash needs an instruction of its own (a durable nonce). What a wallet adds, such as a priority fee, is refused;
/// wallets that add something send it themselves.
/// </summary>
internal sealed class SolanaPayerTransfers(JsonRpc rpc)
{
    private const int SimulationFailed = -32002;
    private const int SignatureFailed = -32003;

    public async Task<Result<string>> MakeAsync(PayerOrder order, CancellationToken ct)
    {
        if (MessageOf(order, new byte[TokenTransferMessage.BlockhashLength]) is not { } message)
            return NotAnAccount;
        // A finalized one would be 32 blocks old of the 150 that it lasts, and a person takes his time; the newest one
        // may be of a block that is dropped. Confirmed is what two thirds of the stake have voted for.
        var blockhash = await rpc.CallAsync("getLatestBlockhash", """[{"commitment":"confirmed"}]""", Blockhash, ct);
        var (atoms, decimals) = AmountOf(order);
        return Convert.ToBase64String(
            (message with { Blockhash = blockhash }).Unsigned(atoms, decimals, order.Reference)
        );
    }

    public async Task<Result<string>> SendAsync(PayerOrder order, string signed, CancellationToken ct)
    {
        var bytes = new byte[signed.Length];
        var isBase64 = Convert.TryFromBase64String(signed, bytes, out var length);
        var peek = isBase64 ? TokenTransferMessage.Peek(bytes.AsSpan(0, length)) : null;
        if (MessageOf(order, peek?.Blockhash ?? []) is not { } message)
            return NotAnAccount;
        var (atoms, decimals) = AmountOf(order);
        if (peek is not { Signature: var signature })
            return NotOurs;
        var transaction = message.Signed(atoms, decimals, order.Reference, signature);
        var isSame = transaction.AsSpan().SequenceEqual(bytes.AsSpan(0, length));
        var toSign = message.Message(atoms, decimals, order.Reference);
        return isSame && Ed25519.Verify(message.Payer.ToArray(), toSign, signature)
            ? await SendAsync(transaction, Base58.Encode(signature), ct)
            : NotOurs;
    }

    private async Task<Result<string>> SendAsync(byte[] transaction, string id, CancellationToken ct)
    {
        // Before it is passed on, the node tries it against the commitment that the blockhash is of.
        var (refusal, before) = await rpc.TellAsync<Rejection?>(
            "sendTransaction",
            $$"""["{{Convert.ToBase64String(transaction)}}",{"encoding":"base64","preflightCommitment":"confirmed"}]""",
            (ref Utf8JsonReader json) =>
                SolanaJson.Signature(json) == id ? null : throw new JsonException("the signature of something else"),
            TryReadRefusal,
            ct
        );
        if (refusal is null)
            return id;
        // What one node refuses, another one that did not answer may have sent.
        return before is null ? refusal : throw before;
    }

    private static readonly Rejection NotAnAccount = new(
        ErrorCode.ParameterInvalid,
        "This is no account of Solana that can sign this transfer.",
        "payer"
    );

    private static readonly Rejection NotOurs = new(
        ErrorCode.ParameterInvalid,
        "This is not the transfer of this payment, signed.",
        "transaction"
    );

    private static readonly Rejection TooLate = new(
        ErrorCode.ParameterInvalid,
        "It was signed too late; the network takes a transaction for about a minute.",
        "transaction"
    );

    /// <summary>
    /// Null if the payer is no account that can sign it: no key for it exists, or the transfer names it already.
    /// </summary>
    private static TokenTransferMessage? MessageOf(PayerOrder order, byte[] blockhash)
    {
        if (!SolanaAddress.TryParse(order.Payer, out var payer) || !payer.IsOnCurve)
            return null;
        var message = TokenTransferMessage.Of(
            payer,
            SolanaAddress.Parse(order.To),
            SolanaAddress.Parse(order.Amount.Token.Contract),
            // Of which every pinned token is: the probe insists on it (SOL-05).
            SolanaPrograms.Token,
            blockhash
        );
        return message.IsOfDifferentAccounts ? message : null;
    }

    private static bool Says(RpcError error, string words) =>
        error.Message.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static (ulong Atoms, byte Decimals) AmountOf(PayerOrder order) =>
        (checked((ulong)order.Amount.Atoms), checked((byte)order.Amount.Token.Decimals));

    private static byte[] Blockhash(ref Utf8JsonReader json)
    {
        using var document = JsonDocument.ParseValue(ref json);
        var text = document.RootElement.GetProperty("value").GetProperty("blockhash").GetString() ?? "";
        return Base58.TryDecode(text, out var hash) && hash.Length == TokenTransferMessage.BlockhashLength
            ? hash
            : throw new JsonException("a blockhash has 32 bytes in base 58");
    }

    /// <summary>
    /// A node that tried the transaction and says why it fails has not sent it. Null for one that is in a block
    /// already, perhaps by a question of ours whose answer was lost.
    /// </summary>
    private static bool TryReadRefusal(RpcError error, out Rejection? refusal)
    {
        refusal = new Rejection(ErrorCode.ParameterInvalid, $"The network refused it: {error.Message}.", "transaction");
        if (error.Code != SimulationFailed)
            return error.Code == SignatureFailed;
        var outcome =
            error.Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("err", out var err)
                ? err.ToString()
                : "";
        // Not every node gives the outcome beside its words.
        if (outcome is "AlreadyProcessed" || Says(error, "already been processed"))
            refusal = null;
        else if (outcome is "BlockhashNotFound" || Says(error, "blockhash not found"))
            refusal = TooLate;
        return outcome.Length > 0 || refusal is null || refusal == TooLate;
    }
}
