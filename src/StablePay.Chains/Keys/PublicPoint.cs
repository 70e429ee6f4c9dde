namespace StablePay.Chains.Keys;

/// <summary>
/// A point of the curve that everybody may know, by its two coordinates; never the point at infinity.
/// </summary>
internal readonly record struct PublicPoint(FieldElement X, FieldElement Y)
{
    /// <summary>Reads any encoding of a public key, and lets the library judge it.</summary>
    /// <exception cref="FormatException">The bytes are not a point of the curve.</exception>
    public static PublicPoint Read(ReadOnlySpan<byte> publicKey)
    {
        Span<byte> bytes = stackalloc byte[65];
        Secp256k1.Uncompress(publicKey, bytes);
        return new PublicPoint(FieldElement.Read(bytes[1..]), FieldElement.Read(bytes[33..]));
    }

    public void WriteCoordinates(Span<byte> bytes)
    {
        X.Write(bytes);
        Y.Write(bytes[32..]);
    }

    public void WriteCompressed(Span<byte> bytes)
    {
        bytes[0] = (byte)(Y.IsOdd ? 3 : 2);
        X.Write(bytes[1..]);
    }
}

/// <summary>
/// A point with a common denominator, (X / Z^2, Y / Z^3), so that adding needs no division. Z = 0 is infinity.
/// </summary>
internal readonly record struct JacobianPoint(FieldElement X, FieldElement Y, FieldElement Z)
{
    public static JacobianPoint Infinity => default;

    public bool IsInfinity => Z.IsZero;

    public JacobianPoint Add(in PublicPoint other)
    {
        if (IsInfinity)
            return new JacobianPoint(other.X, other.Y, FieldElement.One);
        var zz = Z.Square();
        var h = (other.X * zz) - X;
        var r = (other.Y * zz * Z) - Y;
        if (h.IsZero)
            return r.IsZero ? Double() : Infinity;
        var hh = h.Square();
        var hhh = hh * h;
        var v = X * hh;
        var x = r.Square() - hhh - v - v;
        return new JacobianPoint(x, (r * (v - x)) - (Y * hhh), Z * h);
    }

    /// <summary>Null is the point at infinity.</summary>
    public PublicPoint? ToPublic() => IsInfinity ? null : At(Z.Invert());

    /// <summary>Many points for the price of one division.</summary>
    /// <exception cref="ArgumentException">One of them is the point at infinity.</exception>
    public static PublicPoint[] ToPublic(ReadOnlySpan<JacobianPoint> points)
    {
        var products = new FieldElement[points.Length];
        var product = FieldElement.One;
        for (var i = 0; i < points.Length; i++)
        {
            if (points[i].IsInfinity)
                throw new ArgumentException("Infinity has no coordinates.", nameof(points));
            products[i] = product;
            product *= points[i].Z;
        }

        var inverse = product.Invert();
        var result = new PublicPoint[points.Length];
        for (var i = points.Length - 1; i >= 0; i--)
        {
            result[i] = points[i].At(inverse * products[i]);
            inverse *= points[i].Z;
        }

        return result;
    }

    // The curve has no point with Y = 0, so the double of a finite point is finite.
    public JacobianPoint Double()
    {
        if (IsInfinity)
            return this;
        var yy = Y.Square();
        var s = X * yy;
        s += s;
        s += s;
        var xx = X.Square();
        var m = xx + xx + xx;
        var x = m.Square() - s - s;
        var yyyy = yy.Square();
        yyyy += yyyy;
        yyyy += yyyy;
        yyyy += yyyy;
        var z = Y * Z;
        return new JacobianPoint(x, (m * (s - x)) - yyyy, z + z);
    }

    private PublicPoint At(in FieldElement inverse)
    {
        var square = inverse.Square();
        return new PublicPoint(X * square, Y * square * inverse);
    }
}

/// <summary>
/// Multiples of the base point from a table: every byte of the scalar picks one of 255 points, and at most 32 additions
/// give the product. An address is derived for every session, and this makes it several times cheaper than the general
/// way. The table (half a megabyte) is made at first use.
/// </summary>
internal static class BasePoint
{
    private static readonly Lazy<PublicPoint[]> Table = new(Build);

    /// <summary>The scalar, 32 bytes most significant first, times the base point.</summary>
    public static JacobianPoint Times(ReadOnlySpan<byte> scalar)
    {
        var table = Table.Value;
        var sum = JacobianPoint.Infinity;
        for (var i = 0; i < 32; i++)
        {
            var digit = scalar[31 - i];
            if (digit != 0)
                sum = sum.Add(table[(255 * i) + digit - 1]);
        }

        return sum;
    }

    private static PublicPoint[] Build()
    {
        var points = new JacobianPoint[32 * 255];
        Span<byte> one = stackalloc byte[32];
        one.Clear();
        one[31] = 1;
        var unit = PublicPoint.Read(Secp256k1.PublicKey(one));
        for (var window = 0; window < 32; window++)
        {
            var sum = JacobianPoint.Infinity;
            for (var digit = 1; digit < 256; digit++)
                points[(255 * window) + digit - 1] = sum = sum.Add(unit);
            unit = sum.Add(unit).ToPublic() ?? throw new InvalidOperationException("The base point has no such order.");
        }

        return JacobianPoint.ToPublic(points);
    }
}
