namespace StablePay.Chains.Solana;

/// <summary>
/// Deposit addresses of Solana that whoever holds the keys made elsewhere: one to a line, the first line is index 0.
/// </summary>
public sealed class SolanaAddressList : IAddressDeriver
{
    private readonly IReadOnlyList<string> _addresses;

    private SolanaAddressList(IReadOnlyList<string> addresses) => _addresses = addresses;

    public string Scheme => "solana";

    public long End => _addresses.Count;

    public string AddressAt(long index) => _addresses[checked((int)index)];

    /// <summary>
    /// Reads and checks every line. A line that is no address, that no key can exist for, or that came before is a
    /// mistake in the file: money sent there would be lost or credited twice.
    /// </summary>
    /// <exception cref="FormatException">The message names the file and the line.</exception>
    public static SolanaAddressList Read(string path)
    {
        var addresses = new List<string>();
        var lines = new Dictionary<SolanaAddress, int>();
        foreach (var line in File.ReadLines(path))
        {
            var number = addresses.Count + 1;
            if (!SolanaAddress.TryParse(line, out var address))
                throw Mistake(path, number, "is no Solana address: one address and nothing else stands on a line");
            if (!address.IsOnCurve)
                throw Mistake(path, number, "is an address that no key can exist for");
            if (!lines.TryAdd(address, number))
                throw Mistake(path, number, $"is the same address as line {lines[address]}");
            addresses.Add(line);
        }
        return addresses.Count > 0 ? new(addresses) : throw new FormatException($"{path} holds no address.");
    }

    private static FormatException Mistake(string path, int line, string what) =>
        new(string.Create(CultureInfo.InvariantCulture, $"{path}: line {line} {what}."));
}
