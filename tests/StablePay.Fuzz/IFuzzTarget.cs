namespace StablePay.Fuzz;

/// <summary>A door of the program that strangers knock at, and what must hold whatever they say.</summary>
public interface IFuzzTarget
{
    /// <summary>The name on the command line and of the folder of its corpus.</summary>
    string Name { get; }

    /// <summary>Reads one input as the program would.</summary>
    /// <exception cref="PropertyBrokenException">What must hold does not.</exception>
    /// <remarks>Any other exception that leaves it is a finding as well: strangers' bytes are refused in words.</remarks>
    void Run(byte[] input);
}

/// <summary>An input for which something does not hold that must.</summary>
public sealed class PropertyBrokenException(string message) : Exception(message);

/// <summary>What targets state.</summary>
internal static class Must
{
    public static void Hold(bool condition, string what)
    {
        if (!condition)
            throw new PropertyBrokenException(what);
    }

    public static void Equal<T>(T found, T expected, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(found, expected))
            throw new PropertyBrokenException($"{what}: {found} where {expected} was expected");
    }
}
