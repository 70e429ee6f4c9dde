using System.Diagnostics.CodeAnalysis;

namespace StablePay.Core.Primitives;

/// <summary>A rule about money that the program relies on was broken. The operation must not go on.</summary>
public sealed class InvariantBrokenException(string rule) : Exception(rule);

/// <summary>States what must hold. Kept on in production: a wrong ledger is worse than a stopped one.</summary>
public static class Invariant
{
    public static void Holds([DoesNotReturnIf(false)] bool condition, string rule)
    {
        if (!condition)
            throw new InvariantBrokenException(rule);
    }
}
