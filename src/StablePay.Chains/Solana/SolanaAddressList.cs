using System.Text;

namespace StablePay.Chains.Solana;

/// <summary>
/// Deposit addresses of Solana that whoever holds the keys made elsewhere: one to a line, the first line is index 0.
/// </summary>
public sealed class SolanaAddressList : IAddressDeriver
{
    /// <summary>Enough to hold any address and the end of its line.</summary>
    private const int LongestLine = 128;

    private readonly string _path;
    private readonly IReadOnlyList<string> _addresses;

    /// <summary>Where each line begins in the file.</summary>
    private readonly IReadOnlyList<long> _starts;

    private SolanaAddressList(string path, IReadOnlyList<string> addresses, IReadOnlyList<long> starts) =>
        (_path, _addresses, _starts) = (path, addresses, starts);

    public string Scheme => "solana";

    public long End => _addresses.Count;

    public string AddressAt(long index) => _addresses[checked((int)index)];

    /// <summary>
    /// The line in the file as it is now. There is no second way to derive it without the keys; null if the file is not
    /// to be read any more, as only whoever keeps the keys could tell then.
    /// </summary>
    public byte[]? AgainAt(long index)
    {
        try
        {
            using var file = File.OpenRead(_path);
            file.Position = _starts[checked((int)index)];
            using var reader = new StreamReader(file, Encoding.ASCII, false, LongestLine);
            return SolanaAddress.TryParse(reader.ReadLine(), out var address) ? address.ToArray() : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>
    /// Reads and checks every line. A line that is no address, that no key can exist for, or that came before is a
    /// mistake in the file: money sent there would be lost or credited twice.
    /// </summary>
    /// <exception cref="FormatException">The message names the file and the line.</exception>
    public static SolanaAddressList Read(string path)
    {
        var (addresses, starts) = (new List<string>(), new List<long>());
        var lines = new Dictionary<SolanaAddress, int>();
        foreach (var (start, line) in LinesOf(File.ReadAllBytes(path)))
        {
            var number = addresses.Count + 1;
            if (!SolanaAddress.TryParse(line, out var address))
                throw Mistake(path, number, "is no Solana address: one address and nothing else stands on a line");
            if (!address.IsOnCurve)
                throw Mistake(path, number, "is an address that no key can exist for");
            if (!lines.TryAdd(address, number))
                throw Mistake(path, number, $"is the same address as line {lines[address]}");
            addresses.Add(line);
            starts.Add(start);
        }
        return addresses.Count > 0
            ? new(path, addresses, starts)
            : throw new FormatException($"{path} holds no address.");
    }

    /// <summary>
    /// The lines and where they begin; each ends with a line feed, a carriage return before it or not.
    /// </summary>
    private static IEnumerable<(long Start, string Line)> LinesOf(byte[] file)
    {
        var mark = Encoding.UTF8.Preamble;
        for (var start = file.AsSpan().StartsWith(mark) ? mark.Length : 0; start < file.Length; )
        {
            var end = Array.IndexOf(file, (byte)'\n', start);
            end = end < 0 ? file.Length : end;
            var line = Encoding.UTF8.GetString(file, start, end - start);
            yield return (start, line.EndsWith('\r') ? line[..^1] : line);
            start = end + 1;
        }
    }

    private static FormatException Mistake(string path, int line, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}: line {line} {what}."));
}
