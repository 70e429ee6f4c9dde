using System.Text.Json;

namespace StablePay.Chains.Tests;

/// <summary>Published test vectors, as they stand in the standards.</summary>
internal static class Vectors
{
    public static JsonElement Read(string name)
    {
        using var stream =
            typeof(Vectors).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"no vectors called {name}");
        return JsonDocument.Parse(stream).RootElement.Clone();
    }

    public static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;
}
