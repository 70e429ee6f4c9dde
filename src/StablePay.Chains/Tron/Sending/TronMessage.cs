using Google.Protobuf;

namespace StablePay.Chains.Tron;

/// <summary>A field of a protocol buffer's message that we write or read.</summary>
internal readonly record struct TronField(int Number, string Name);

/// <summary>
/// The messages of TRON's protocol as fields by number. A transaction has five small messages with a dozen fields that
/// we use; written out they are shorter than a generator's set-up, and refusing every other field is our own rule,
/// while generated readers keep what they do not know.
/// </summary>
internal sealed class TronMessage
{
    private readonly string _name;
    private readonly Dictionary<int, ReadOnlyMemory<byte>> _bytes = [];
    private readonly Dictionary<int, long> _numbers = [];

    private TronMessage(string name) => _name = name;

    /// <summary>Writes the fields in the order given, which must be that of their numbers.</summary>
    public static byte[] Write(Action<CodedOutputStream> fields)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream, leaveOpen: true))
            fields(output);
        return stream.ToArray();
    }

    /// <summary>Reads a message that has these fields only, each at most once.</summary>
    /// <exception cref="FormatException">Another field, one that comes twice, or no message at all.</exception>
    public static TronMessage Read(string name, ReadOnlyMemory<byte> bytes, params ReadOnlySpan<TronField> known)
    {
        var message = new TronMessage(name);
        try
        {
            using var input = new CodedInputStream(bytes.ToArray());
            while (input.ReadTag() is not 0 and var tag)
                message.Add(input, tag, known);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new FormatException($"{name} is no message: {e.Message}", e);
        }
        return message;
    }

    /// <summary>Empty if it is not there.</summary>
    public ReadOnlyMemory<byte> Bytes(TronField field) => _bytes.GetValueOrDefault(field.Number);

    /// <summary>0 if it is not there.</summary>
    public long Number(TronField field) => _numbers.GetValueOrDefault(field.Number);

    private void Add(CodedInputStream input, uint tag, ReadOnlySpan<TronField> known)
    {
        var number = WireFormat.GetTagFieldNumber(tag);
        string? field = null;
        foreach (var candidate in known)
            if (candidate.Number == number)
                field = candidate.Name;
        if (field is null)
            throw new FormatException($"{_name} has a field {number}, which is not read here.");
        if (_bytes.ContainsKey(number) || _numbers.ContainsKey(number))
            throw new FormatException($"{_name} has more than one {field}; only one is read here.");
        switch (WireFormat.GetTagWireType(tag))
        {
            case WireFormat.WireType.LengthDelimited:
                _bytes[number] = input.ReadBytes().Memory;
                break;
            case WireFormat.WireType.Varint:
                _numbers[number] = input.ReadInt64();
                break;
            default:
                throw new FormatException($"{_name} has a {field} of another kind.");
        }
    }
}

/// <summary>Writes fields as protocol buffers of version 3 do: what is 0 or empty is left out.</summary>
internal static class TronFieldWriter
{
    public static void Write(this CodedOutputStream output, TronField field, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        output.WriteTag(field.Number, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(bytes));
    }

    public static void Write(this CodedOutputStream output, TronField field, long number)
    {
        if (number == 0)
            return;
        output.WriteTag(field.Number, WireFormat.WireType.Varint);
        output.WriteInt64(number);
    }
}
