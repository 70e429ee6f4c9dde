using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>A call of a contract in the JSON of full nodes, which wallets sign and nodes broadcast.</summary>
internal static class TronTransactionJson
{
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="signature">65 bytes, or none while it is unsigned.</param>
    public static string Of(TronTransaction.ContractCall call, ReadOnlySpan<byte> signature = default)
    {
        var raw = TronTransactions.EncodeUnsigned(call);
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteBoolean("visible", false);
            json.WriteString("txID", Hex.ToHex(TronTransactions.Id(call)));
            WriteRaw(json, call);
            json.WriteString("raw_data_hex", Hex.ToHex(raw));
            if (!signature.IsEmpty)
            {
                json.WriteStartArray("signature");
                json.WriteStringValue(Hex.ToHex(signature));
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private static void WriteRaw(Utf8JsonWriter json, TronTransaction.ContractCall call)
    {
        var (number, hash) = (new byte[2], new byte[8]);
        BinaryPrimitives.WriteUInt16BigEndian(number, call.Validity.BlockNumber);
        BinaryPrimitives.WriteUInt64BigEndian(hash, call.Validity.BlockHash);
        json.WriteStartObject("raw_data");
        json.WriteStartArray("contract");
        json.WriteStartObject();
        json.WriteStartObject("parameter");
        json.WriteStartObject("value");
        json.WriteString("data", Hex.ToHex(call.Data.Span));
        json.WriteString("owner_address", call.Owner.ToHex());
        json.WriteString("contract_address", call.Contract.ToHex());
        json.WriteEndObject();
        json.WriteString("type_url", TronTransactions.CallUrl);
        json.WriteEndObject();
        json.WriteString("type", "TriggerSmartContract");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("ref_block_bytes", Hex.ToHex(number));
        json.WriteString("ref_block_hash", Hex.ToHex(hash));
        json.WriteNumber("expiration", call.Validity.Until.UnixMs);
        json.WriteNumber("fee_limit", call.FeeLimitSun);
        json.WriteNumber("timestamp", call.Validity.From.UnixMs);
        json.WriteEndObject();
    }
}
