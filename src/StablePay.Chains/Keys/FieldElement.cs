using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace StablePay.Chains.Keys;

/// <summary>
/// A number modulo the prime of secp256k1, 2^256 - 2^32 - 977, always fully reduced, in four 64-bit limbs.
/// It branches on its values, so it is for public points only; whatever touches a private key uses the library.
/// </summary>
internal readonly record struct FieldElement(ulong L0, ulong L1, ulong L2, ulong L3)
{
    // 2^256 is congruent to this, which is what makes reduction cheap.
    private const ulong Fold = 0x1_0000_03D1;
    private const ulong Prime0 = 0xFFFF_FFFE_FFFF_FC2F;

    public static FieldElement One => new(1, 0, 0, 0);

    public bool IsZero => (L0 | L1 | L2 | L3) == 0;

    public bool IsOdd => (L0 & 1) != 0;

    /// <summary>Reads 32 bytes, most significant first, of a coordinate: already below the prime.</summary>
    public static FieldElement Read(ReadOnlySpan<byte> bytes) =>
        Reduced(
            BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
            BinaryPrimitives.ReadUInt64BigEndian(bytes),
            0
        );

    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, L3);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], L2);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], L1);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], L0);
    }

    public static FieldElement operator +(in FieldElement a, in FieldElement b)
    {
        ulong carry = 0;
        var r0 = AddCarry(a.L0, b.L0, ref carry);
        var r1 = AddCarry(a.L1, b.L1, ref carry);
        var r2 = AddCarry(a.L2, b.L2, ref carry);
        var r3 = AddCarry(a.L3, b.L3, ref carry);
        return Reduced(r0, r1, r2, r3, carry);
    }

    public static FieldElement operator -(in FieldElement a, in FieldElement b)
    {
        ulong borrow = 0;
        var r0 = SubtractBorrow(a.L0, b.L0, ref borrow);
        var r1 = SubtractBorrow(a.L1, b.L1, ref borrow);
        var r2 = SubtractBorrow(a.L2, b.L2, ref borrow);
        var r3 = SubtractBorrow(a.L3, b.L3, ref borrow);
        if (borrow == 0)
            return new FieldElement(r0, r1, r2, r3);
        // The prime is added back: 2^256 has been borrowed already, what is left to take is the fold.
        borrow = 0;
        r0 = SubtractBorrow(r0, Fold, ref borrow);
        r1 = SubtractBorrow(r1, 0, ref borrow);
        r2 = SubtractBorrow(r2, 0, ref borrow);
        return new FieldElement(r0, r1, r2, r3 - borrow);
    }

    public static FieldElement operator *(in FieldElement a, in FieldElement b)
    {
        ulong t0 = 0,
            t1 = 0,
            t2 = 0,
            t3 = 0,
            t4 = 0,
            t5 = 0,
            t6 = 0,
            t7 = 0;
        MultiplyRow(a.L0, b, ref t0, ref t1, ref t2, ref t3, ref t4);
        MultiplyRow(a.L1, b, ref t1, ref t2, ref t3, ref t4, ref t5);
        MultiplyRow(a.L2, b, ref t2, ref t3, ref t4, ref t5, ref t6);
        MultiplyRow(a.L3, b, ref t3, ref t4, ref t5, ref t6, ref t7);

        // The upper half times the fold is added to the lower half; what still overflows is folded once more.
        ulong over = 0;
        MultiplyRow(Fold, new FieldElement(t4, t5, t6, t7), ref t0, ref t1, ref t2, ref t3, ref over);
        var high = Math.BigMul(over, Fold, out var low);
        ulong carry = 0;
        t0 = AddCarry(t0, low, ref carry);
        t1 = AddCarry(t1, high, ref carry);
        t2 = AddCarry(t2, 0, ref carry);
        t3 = AddCarry(t3, 0, ref carry);
        return Reduced(t0, t1, t2, t3, carry);
    }

    public FieldElement Square() => this * this;

    /// <summary>The inverse, by raising to p - 2; zero has none and stays zero.</summary>
    public FieldElement Invert()
    {
        // The exponent is 223 ones, a zero, 22 ones and then 0000101101: runs of ones are built by doubling.
        var x2 = Squared(1) * this;
        var x3 = x2.Squared(1) * this;
        var x6 = x3.Squared(3) * x3;
        var x9 = x6.Squared(3) * x3;
        var x11 = x9.Squared(2) * x2;
        var x22 = x11.Squared(11) * x11;
        var x44 = x22.Squared(22) * x22;
        var x88 = x44.Squared(44) * x44;
        var x176 = x88.Squared(88) * x88;
        var x220 = x176.Squared(44) * x44;
        var x223 = x220.Squared(3) * x3;
        var head = x223.Squared(23) * x22;
        return (((head.Squared(5) * this).Squared(3) * x2).Squared(2)) * this;
    }

    private FieldElement Squared(int squarings)
    {
        var value = this;
        for (var i = 0; i < squarings; i++)
            value = value.Square();
        return value;
    }

    // Adds multiplier * b to five limbs; the last one is written, not added to.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void MultiplyRow(
        ulong multiplier,
        in FieldElement b,
        ref ulong t0,
        ref ulong t1,
        ref ulong t2,
        ref ulong t3,
        ref ulong t4
    )
    {
        ulong carry = 0;
        t0 = MultiplyAdd(multiplier, b.L0, t0, ref carry);
        t1 = MultiplyAdd(multiplier, b.L1, t1, ref carry);
        t2 = MultiplyAdd(multiplier, b.L2, t2, ref carry);
        t3 = MultiplyAdd(multiplier, b.L3, t3, ref carry);
        t4 = carry;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong a, ulong b, ulong add, ref ulong carry)
    {
        var high = Math.BigMul(a, b, out var low);
        low += add;
        high += low < add ? 1UL : 0;
        low += carry;
        high += low < carry ? 1UL : 0;
        carry = high;
        return low;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddCarry(ulong a, ulong b, ref ulong carry)
    {
        var sum = a + b;
        var over = sum < a ? 1UL : 0;
        var result = sum + carry;
        carry = over + (result < sum ? 1UL : 0);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong SubtractBorrow(ulong a, ulong b, ref ulong borrow)
    {
        var difference = a - b;
        var under = a < b ? 1UL : 0;
        var result = difference - borrow;
        borrow = under + (difference < borrow ? 1UL : 0);
        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static FieldElement Reduced(ulong r0, ulong r1, ulong r2, ulong r3, ulong carry)
    {
        var above = carry != 0 || ((r1 & r2 & r3) == ulong.MaxValue && r0 >= Prime0);
        if (!above)
            return new FieldElement(r0, r1, r2, r3);
        carry = 0;
        r0 = AddCarry(r0, Fold, ref carry);
        r1 = AddCarry(r1, 0, ref carry);
        r2 = AddCarry(r2, 0, ref carry);
        return new FieldElement(r0, r1, r2, r3 + carry);
    }
}
