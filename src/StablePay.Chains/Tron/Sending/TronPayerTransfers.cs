using System.Buffers.Binary;
using System.Text.Json;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>
/// Makes the TRC-20 transfer that a payer's wallet signs, and sends it. A signed one is made again from the order and
/// only its signature taken over, so nothing can be sent through us but that transfer; a node checks the signature.
/// </summary>
internal sealed class TronPayerTransfers(
    TronApi api,
    Func<CancellationToken, Task<BlockHeader>> newest,
    Func<CancellationToken, Task<BlockHeader>> solidified
)
{
    /// <summary>
    /// A transfer of USDT to a new account takes about 130,000 energy, 13 TRX at 100 sun each; this is nearly four
    /// times as much, so that a dearer day does not fail, and not so much that it could cost a lot.
    /// </summary>
    private const long FeeLimit = 50_000_000;

    private const int SignatureLength = 65;

    public async Task<Result<string>> MakeAsync(PayerOrder order, CancellationToken ct)
    {
        if (!TronAddress.TryParse(order.Payer, out var payer))
            return NotAnAccount;
        // A solidified block cannot be lost, the newest one tells the time (TRX-14).
        var (block, from) = ((await solidified(ct)).Ref, (await newest(ct)).Time);
        if (order.Until <= from)
            return TooLate;
        var longest = from + TronValidity.Longest;
        var until = order.Until < longest ? order.Until : longest;
        return TronTransactionJson.Of(Of(order, payer, TronValidity.On(block, from, until)));
    }

    public async Task<Result<string>> SendAsync(PayerOrder order, string signed, CancellationToken ct)
    {
        if (!TronAddress.TryParse(order.Payer, out var payer))
            return NotAnAccount;
        if (SignedTransfer.Read(signed) is not { } read || !IsUsable(read.Validity, order.Until))
            return NotOurs;
        var transaction = Of(order, payer, read.Validity);
        var id = Hex.ToHex(TronTransactions.Id(transaction));
        if (id != read.Id)
            return NotOurs;
        var answer = await api.CallAsync(
            "/wallet/broadcasttransaction",
            TronTransactionJson.Of(transaction, read.Signature),
            BroadcastAnswer.Read,
            ct
        );
        return answer.Code switch
        {
            // Sent before, perhaps by a question of ours whose answer was lost.
            "SUCCESS" or "DUP_TRANSACTION_ERROR" => id,
            "SERVER_BUSY" or "NO_CONNECTION" or "NOT_ENOUGH_EFFECTIVE_CONNECTION" or "BLOCK_UNSOLIDIFIED" =>
                throw new NodeException(NodeFault.Refused, $"broadcast: {answer.Code}"),
            _ => new Rejection(ErrorCode.ParameterInvalid, $"The network refused it: {answer.Code}.", "transaction"),
        };
    }

    private static readonly Rejection NotAnAccount = new(
        ErrorCode.ParameterInvalid,
        "This is no TRON address.",
        "payer"
    );

    private static readonly Rejection TooLate = new(
        ErrorCode.ParameterInvalid,
        "The time of this payment is over.",
        "transaction"
    );

    private static readonly Rejection NotOurs = new(
        ErrorCode.ParameterInvalid,
        "This is not the transfer of this payment, signed.",
        "transaction"
    );

    private static TronTransaction.ContractCall Of(PayerOrder order, TronAddress payer, TronValidity validity) =>
        new()
        {
            Owner = payer,
            Contract = TronAddress.Parse(order.Amount.Token.Contract),
            Data = Abi.Transfer(TronAddress.Parse(order.To).Bytes, order.Amount.Atoms, order.Reference.Short),
            Validity = validity,
            FeeLimitSun = FeeLimit,
        };

    /// <summary>What comes back may have been changed: a time that no transaction can have, or after the end.</summary>
    private static bool IsUsable(TronValidity validity, Instant end) =>
        validity.From.UnixMs > 0
        && validity.From < validity.Until
        && validity.Until <= end
        && validity.Until - validity.From <= TronValidity.Longest;

    /// <summary>What is taken from a signed transaction; everything else of it is known.</summary>
    private sealed record SignedTransfer(string Id, TronValidity Validity, byte[] Signature)
    {
        /// <summary>Null for anything that is no signed transaction.</summary>
        public static SignedTransfer? Read(string text)
        {
            try
            {
                using var json = JsonDocument.Parse(text);
                var (root, raw) = (json.RootElement, json.RootElement.GetProperty("raw_data"));
                return new SignedTransfer(
                    root.GetProperty("txID").GetString() ?? "",
                    new TronValidity(
                        BinaryPrimitives.ReadUInt16BigEndian(BytesOf(raw.GetProperty("ref_block_bytes"), 2)),
                        BinaryPrimitives.ReadUInt64BigEndian(BytesOf(raw.GetProperty("ref_block_hash"), 8)),
                        new Instant(raw.GetProperty("timestamp").GetInt64()),
                        new Instant(raw.GetProperty("expiration").GetInt64())
                    ),
                    BytesOf(root.GetProperty("signature").EnumerateArray().Single(), SignatureLength)
                );
            }
            catch (Exception e)
                when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
            {
                return null;
            }
        }

        /// <summary>Wallets differ in whether they write 0x before a signature.</summary>
        private static byte[] BytesOf(JsonElement element, int length)
        {
            var text = element.GetString() ?? "";
            var bytes = new byte[length];
            var digits = text.StartsWith("0x", StringComparison.Ordinal) ? text.AsSpan(2) : text;
            return Hex.TryParse(digits, bytes) ? bytes : throw new FormatException($"{length} bytes of hex expected");
        }
    }

    /// <summary>What a node says to a broadcast: <c>result: true</c>, or a code.</summary>
    private readonly record struct BroadcastAnswer(string Code)
    {
        public static BroadcastAnswer Read(ref Utf8JsonReader json)
        {
            var (code, taken) = (default(string), false);
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                var (isCode, isResult) = (json.ValueTextEquals("code"u8), json.ValueTextEquals("result"u8));
                json.Read();
                if (isCode)
                    code = json.GetString();
                else if (isResult)
                    taken = json.GetBoolean();
                else
                    json.Skip();
            }
            return new BroadcastAnswer(taken ? "SUCCESS" : code ?? "no code");
        }
    }
}
