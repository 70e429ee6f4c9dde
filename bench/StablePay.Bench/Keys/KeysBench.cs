using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Org.BouncyCastle.Crypto.EC;
using Org.BouncyCastle.Math;
using Org.BouncyCastle.Math.EC.Multiplier;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Tron;

namespace StablePay.Bench.Keys;

/// <summary>
/// Deposit addresses a second on one core, from an account's public key. Compared with the curve library at an
/// HMAC-SHA512 and one multiplication of the base point, the least that each address takes. Derivation multiplies by
/// tables of its own, so it may be faster than that.
/// </summary>
internal static class KeysBench
{
    private const int Each = 2_000;

    private sealed record Round(double Evm, double Tron, double Library);

    public static int Run(string[] args)
    {
        var at = Array.IndexOf(args, "--rounds");
        var rounds = at < 0 ? 7 : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        var evm = new EvmDeriver(AccountOf(EvmDeposits.CoinType));
        var tron = new TronDeriver(AccountOf(TronAddress.CoinType));
        Console.WriteLine("| round | EVM addresses/s | TRON addresses/s | the curve library/s |");
        Console.WriteLine("|---|---|---|---|");
        var all = new List<Round>();
        var index = 0;
        for (var i = -1; i < rounds; i++)
        {
            var round = new Round(
                PerSecond(() => evm.AddressAt(index++).Length),
                PerSecond(() => tron.AddressAt(index++).Length),
                PerSecond(Floor)
            );
            if (i < 0)
                continue;
            all.Add(round);
            Say($"| {i + 1} | {round.Evm:F0} | {round.Tron:F0} | {round.Library:F0} |");
        }
        Say(
            $"median: EVM {Median(all, r => r.Evm):F0}/s, ratio {Median(all, r => r.Evm / r.Library):F2}; TRON {Median(all, r => r.Tron):F0}/s, ratio {Median(all, r => r.Tron / r.Library):F2}"
        );
        return 0;
    }

    private static readonly FixedPointCombMultiplier Comb = new();
    private static readonly byte[] Message = new byte[37];

    private static int Floor()
    {
        var hash = HMACSHA512.HashData(Message.AsSpan(0, 32), Message);
        Message[36]++;
        var point = Comb.Multiply(CustomNamedCurves.GetByName("secp256k1").G, new BigInteger(1, hash, 0, 32));
        return point.Normalize().GetEncoded(compressed: true).Length;
    }

    private static double PerSecond(Func<int> one)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        var sum = 0;
        for (var i = 0; i < Each; i++)
            sum += one();
        return sum == 0 ? throw new InvalidOperationException("nothing was made") : Each / watch.Elapsed.TotalSeconds;
    }

    private static EvmDeposits AccountOf(uint coinType)
    {
        using var master = ExtendedPrivateKey.FromSeed(Bip39.ToSeed(Bip39.ToMnemonic(new byte[32])));
        using var account = master.Derive(KeyPath.Account(coinType, 0));
        return new EvmDeposits(account.ToPublic());
    }

    private static double Median(List<Round> rounds, Func<Round, double> value) =>
        rounds.Select(value).Order().ElementAt(rounds.Count / 2);

    private static void Say(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
