using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StablePay.Chains.Evm;

namespace StablePay.Chains.Tron;

/// <summary>
/// A call of a contract as TRON signs it: the protocol's <c>Transaction.raw</c> with one <c>TriggerSmartContract</c>,
/// in protocol buffers and in the JSON of full nodes, which wallets take. The id is the SHA-256 of the raw bytes.
/// </summary>
/// <param name="Anchor">A recent block of the chain that it is for: on another one it is not valid.</param>
/// <param name="FeeLimit">The most TRX that energy may cost, in sun (10^-6 TRX).</param>
internal sealed record TronTransaction(
    TronAddress Owner,
    TronAddress Contract,
    byte[] Call,
    TronAnchor Anchor,
    long ExpirationMs,
    long TimestampMs,
    long FeeLimit
)
{
    private const string Type = "TriggerSmartContract";
    private const string TypeUrl = "type.googleapis.com/protocol." + Type;
    private const int TypeNumber = 31;

    /// <summary>The protocol leaves no choice of order or form, so one transaction has one text.</summary>
    public byte[] Raw()
    {
        var trigger = new ProtoWriter().Bytes(1, Account(Owner)).Bytes(2, Account(Contract)).Bytes(4, Call);
        var any = new ProtoWriter().Bytes(1, Encoding.ASCII.GetBytes(TypeUrl)).Bytes(2, trigger.ToArray());
        var contract = new ProtoWriter().Number(1, TypeNumber).Bytes(2, any.ToArray());
        return new ProtoWriter()
            .Bytes(1, Anchor.Bytes)
            .Bytes(4, Anchor.Hash)
            .Number(8, ExpirationMs)
            .Bytes(11, contract.ToArray())
            .Number(14, TimestampMs)
            .Number(18, FeeLimit)
            .ToArray();
    }

    public string Id => Hex.ToHex(SHA256.HashData(Raw()));

    /// <param name="signature">65 bytes in hex, or null while it is unsigned.</param>
    public string ToJson(string? signature = null)
    {
        using var buffer = new MemoryStream();
        using (
            var json = new Utf8JsonWriter(
                buffer,
                new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            json.WriteStartObject();
            json.WriteBoolean("visible", false);
            json.WriteString("txID", Id);
            WriteRaw(json);
            json.WriteString("raw_data_hex", Hex.ToHex(Raw()));
            if (signature is not null)
            {
                json.WriteStartArray("signature");
                json.WriteStringValue(signature);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    private void WriteRaw(Utf8JsonWriter json)
    {
        json.WriteStartObject("raw_data");
        json.WriteStartArray("contract");
        json.WriteStartObject();
        json.WriteStartObject("parameter");
        json.WriteStartObject("value");
        json.WriteString("data", Hex.ToHex(Call));
        json.WriteString("owner_address", Owner.ToHex());
        json.WriteString("contract_address", Contract.ToHex());
        json.WriteEndObject();
        json.WriteString("type_url", TypeUrl);
        json.WriteEndObject();
        json.WriteString("type", Type);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("ref_block_bytes", Hex.ToHex(Anchor.Bytes));
        json.WriteString("ref_block_hash", Hex.ToHex(Anchor.Hash));
        json.WriteNumber("expiration", ExpirationMs);
        json.WriteNumber("fee_limit", FeeLimit);
        json.WriteNumber("timestamp", TimestampMs);
        json.WriteEndObject();
    }

    private static byte[] Account(TronAddress address) => Hex.Parse("0x" + address.ToHex());
}

/// <summary>How a transaction names a block: the low two bytes of its height, and the middle of its id.</summary>
internal readonly record struct TronAnchor(byte[] Bytes, byte[] Hash)
{
    public const int BytesLength = 2;
    public const int HashLength = 8;

    public static TronAnchor Of(BlockRef block)
    {
        var id = Hex.Parse("0x" + block.Hash);
        return new TronAnchor(id[6..8], id[8..16]);
    }
}

/// <summary>The two wire types of protocol buffers that a transaction needs.</summary>
file sealed class ProtoWriter
{
    private const int Varint = 0;
    private const int Delimited = 2;

    private readonly List<byte> _bytes = [];

    public ProtoWriter Number(int field, long value)
    {
        Append(((ulong)field << 3) | Varint);
        Append((ulong)value);
        return this;
    }

    public ProtoWriter Bytes(int field, ReadOnlySpan<byte> value)
    {
        Append(((ulong)field << 3) | Delimited);
        Append((ulong)value.Length);
        _bytes.AddRange(value);
        return this;
    }

    public byte[] ToArray() => [.. _bytes];

    private void Append(ulong value)
    {
        for (; value >= 0x80; value >>= 7)
            _bytes.Add((byte)(value | 0x80));
        _bytes.Add((byte)value);
    }
}
