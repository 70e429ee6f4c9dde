using System.Collections.Immutable;

namespace StablePay.Chains.Keys;

/// <summary>A path of BIP-32 child numbers from the master key, as in <c>m/44'/60'/0'/0/7</c>.</summary>
public sealed record KeyPath(ImmutableArray<uint> Steps)
{
    /// <summary>Child numbers from here on are hardened: only a private key can derive them.</summary>
    public const uint Hardened = 0x8000_0000;

    /// <summary>The BIP-44 account level: <c>m/44'/coin'/account'</c>.</summary>
    public static KeyPath Account(uint coinType, uint account)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(coinType, Hardened);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(account, Hardened);
        return new KeyPath([44 | Hardened, coinType | Hardened, account | Hardened]);
    }

    /// <exception cref="FormatException">The text is not a path.</exception>
    public static KeyPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('/');
        if (parts[0] != "m" || parts.Length > 256)
            throw Malformed();
        return new KeyPath([.. parts[1..].Select(Step)]);
    }

    public override string ToString() => string.Concat(["m", .. Steps.Select(Text)]);

    public bool Equals(KeyPath? other) => other is not null && Steps.AsSpan().SequenceEqual(other.Steps.AsSpan());

    public override int GetHashCode() => Steps.Aggregate(17, HashCode.Combine);

    private static string Text(uint step) =>
        "/" + (step & ~Hardened).ToString(CultureInfo.InvariantCulture) + (step >= Hardened ? "'" : "");

    private static uint Step(string part)
    {
        var hardened = part.EndsWith('\'');
        var digits = hardened ? part.AsSpan(0, part.Length - 1) : part;
        var read = uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
        if (!read || number >= Hardened || (digits.Length > 1 && digits[0] == '0'))
            throw Malformed();
        return hardened ? number | Hardened : number;
    }

    private static FormatException Malformed() => new("Not a key path such as m/44'/60'/0'/0/0.");
}
