using System.Buffers.Binary;
using System.Numerics;

namespace StablePay.Chains.Evm;

/// <summary>
/// An unsigned 256-bit word as contracts use it. It exists to be read without a sign and to be refused, not cut,
/// where an amount has to fit our 128 bits; it does no arithmetic.
/// </summary>
public readonly record struct UInt256(UInt128 High, UInt128 Low) : IComparable<UInt256>
{
    public static UInt256 Zero => default;

    public static UInt256 MaxValue => new(UInt128.MaxValue, UInt128.MaxValue);

    public bool IsZero => High == 0 && Low == 0;

    /// <summary>Reads 32 bytes, most significant first. The top bit is a digit like any other.</summary>
    /// <exception cref="ArgumentException">There are not exactly 32 bytes.</exception>
    public static UInt256 FromBigEndian(ReadOnlySpan<byte> word)
    {
        if (word.Length != 32)
            throw new ArgumentException("A word has 32 bytes.", nameof(word));
        return new UInt256(
            BinaryPrimitives.ReadUInt128BigEndian(word),
            BinaryPrimitives.ReadUInt128BigEndian(word[16..])
        );
    }

    public void WriteBigEndian(Span<byte> word)
    {
        BinaryPrimitives.WriteUInt128BigEndian(word, High);
        BinaryPrimitives.WriteUInt128BigEndian(word[16..], Low);
    }

    /// <summary>False for anything above 2^128 - 1: such a value is refused by the caller, never truncated.</summary>
    public bool TryToUInt128(out UInt128 value)
    {
        value = High == 0 ? Low : 0;
        return High == 0;
    }

    public int CompareTo(UInt256 other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    /// <summary>Decimal digits.</summary>
    public override string ToString() =>
        High == 0
            ? Low.ToString(CultureInfo.InvariantCulture)
            : (((BigInteger)High << 128) + (BigInteger)Low).ToString(CultureInfo.InvariantCulture);

    public static implicit operator UInt256(UInt128 value) => new(0, value);

    public static implicit operator UInt256(ulong value) => new(0, value);

    public static UInt256 FromUInt128(UInt128 value) => value;

    public static UInt256 FromUInt64(ulong value) => value;

    public static bool operator <(UInt256 left, UInt256 right) => left.CompareTo(right) < 0;

    public static bool operator >(UInt256 left, UInt256 right) => left.CompareTo(right) > 0;

    public static bool operator <=(UInt256 left, UInt256 right) => left.CompareTo(right) <= 0;

    public static bool operator >=(UInt256 left, UInt256 right) => left.CompareTo(right) >= 0;
}
