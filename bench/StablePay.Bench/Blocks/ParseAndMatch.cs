using System.Globalization;
using System.Text.Json;

namespace StablePay.Bench.Blocks;

/// <summary>
/// The ceiling: walks the tokens of a list of logs with the framework's reader and looks each recipient up in a hash
/// set. It checks nothing, keeps nothing and believes everything.
/// </summary>
internal sealed class ParseAndMatch(HashSet<UInt128> addresses) : IPaymentCount
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

/// <summary>Counts payments in an answer, as cheaply as that can be done.</summary>
internal interface IPaymentCount
{
    int Count(ReadOnlySpan<byte> answer);
}

/// <summary>The same for Solana: the owners of token accounts after each transaction, compared as text.</summary>
internal sealed class OwnersInTokens(IEnumerable<string> owners) : IPaymentCount
{
    private readonly HashSet<int> _owners = [.. owners.Select(o => HashOf(System.Text.Encoding.ASCII.GetBytes(o)))];

    public int Count(ReadOnlySpan<byte> answer)
    {
        var json = new Utf8JsonReader(answer);
        var found = 0;
        while (json.Read())
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("owner"u8))
            {
                json.Read();
                if (_owners.Contains(HashOf(json.ValueSpan)))
                    found++;
            }
        return found;
    }

    private static int HashOf(ReadOnlySpan<byte> text)
    {
        var hash = new HashCode();
        hash.AddBytes(text);
        return hash.ToHashCode();
    }
}
