using System.Collections.Concurrent;

namespace StablePay.Storage;

/// <summary>Numbered texts by shape. The shapes come from our source alone, so that there are few of them.</summary>
internal static class PostgresText
{
    private static readonly ConcurrentDictionary<string, string> Numbered = [];

    public static string Of(string shape) => Numbered.GetOrAdd(shape, Sql.Number);
}
