using StablePay.Server.Hosting;
using StablePay.Server.Options;

namespace StablePay.Server.Commands;

/// <summary>
/// The command <c>addresses solana --from N --count M</c>: prints deposit addresses of the vault, one to a line, for
/// the file of another machine that has no vault with this seed (<c>Keys:SolanaAddressFile</c>).
/// </summary>
/// <param name="From">The first index; the file's first line is index 0.</param>
internal sealed record AddressesCommand(long From, int Count)
{
    private const int MostAtOnce = 1_000_000;

    /// <summary>
    /// The command in front of these arguments, which are the settings that follow it then; null if it is another.
    /// </summary>
    public static AddressesCommand? Read(ref IReadOnlyList<string> args, List<string> mistakes)
    {
        if (args is not ["addresses", ..])
            return null;
        if (args is not ["addresses", "solana", ..])
            mistakes.Add("Addresses are made ahead for solana only: addresses solana --from 0 --count 10000.");
        long? from = null,
            count = null;
        var rest = new List<string>();
        for (var i = 2; i < args.Count; i++)
        {
            if (args[i] == "--from" && i + 1 < args.Count)
                from = Number(args[++i]);
            else if (args[i] == "--count" && i + 1 < args.Count)
                count = Number(args[++i]);
            else
                rest.Add(args[i]);
        }
        args = rest;
        if (from is not (>= 0 and < int.MaxValue))
            mistakes.Add("--from must be an index from 0 on.");
        if (count is not (>= 1 and <= MostAtOnce))
            mistakes.Add($"--count must be from 1 to {MostAtOnce}.");
        return new AddressesCommand(from ?? 0, (int)Math.Clamp(count ?? 0, 0, MostAtOnce));
    }

    /// <summary>Makes no vault and no passphrase where there are none.</summary>
    public void Print(Settings settings, Dice dice, Action<string> say)
    {
        if (!File.Exists(settings.VaultPath))
            throw new EngineRefusedException($"There is no vault at {settings.VaultPath} to make addresses from.");
        foreach (var address in MakeAddresses.Solana(EngineSetup.KeysOf(settings, dice, say), From, Count))
            say(address);
    }

    private static long? Number(string text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
