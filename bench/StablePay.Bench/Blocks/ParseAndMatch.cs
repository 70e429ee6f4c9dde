using System.Globalization;
using System.Text.Json;

namespace StablePay.Bench.Blocks;

/// <summary>
/// The ceiling: walks the tokens of a list of logs with the framework's reader and looks each recipient up in a hash
/// set. It checks nothing, keeps nothing and believes everything.
/// </summary>
internal sealed class ParseAndMatch(HashSet<UInt128> addresses)
{
    public int Count(ReadOnlySpan<byte> logs)
    {
        var json = new Utf8JsonReader(logs);
        var (found, topic) = (0, -1);
        while (json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName)
                topic = json.ValueTextEquals("topics"u8) ? 0 : -1;
            else if (json.TokenType == JsonTokenType.String && topic >= 0 && topic++ == 2 && Matches(json.ValueSpan))
                found++;
        }
        return found;
    }

    // The last 16 of an address's 20 bytes tell it from every other here.
    private bool Matches(ReadOnlySpan<byte> word) =>
        addresses.Contains(UInt128.Parse(word[^32..], NumberStyles.HexNumber, CultureInfo.InvariantCulture));
}
