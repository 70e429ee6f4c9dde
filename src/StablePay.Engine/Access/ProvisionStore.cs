using StablePay.Chains.Keys;
using StablePay.Storage;

namespace StablePay.Engine.Access;

/// <summary>A new key pair in clear. Shown once; only the sealed secret is kept.</summary>
public sealed record NewKeyPair(string ApiKey, string SecretKey)
{
    /// <summary>Never the keys: they would end in a log.</summary>
    public override string ToString() => "***";
}

/// <summary>A store made ready to take payments.</summary>
public sealed record ProvisionedStore(Merchant Merchant, Store Store, NewKeyPair Test, NewKeyPair Live);

/// <summary>
/// Creates a merchant with an approved store and its two key pairs. Until there is a dashboard, this is how an operator
/// gets keys.
/// </summary>
public sealed class ProvisionStore(Database database, SecretBox box, IdSource ids, Dice dice, TimeProvider clock)
{
    private static readonly TimeSpan DefaultLifetime = TimeSpan.FromMinutes(30);

    public async Task<ProvisionedStore> RunAsync(string merchantName, string storeName, CancellationToken ct)
    {
        var now = clock.Now;
        var merchant = new Merchant(ids.Next<MerchantId>(now), merchantName, now);
        var store = new Store(
            ids.Next<StoreId>(now),
            merchant.Id,
            storeName,
            StoreStatus.Approved,
            DefaultLifetime,
            0,
            now
        );
        var test = Mint(ApiKey.TestPrefix);
        var live = Mint(ApiKey.LivePrefix);
        var commit = new Commit()
            .Insert(merchant)
            .Insert(store)
            .Insert(KeyOf(store, test, live: false, now))
            .Insert(KeyOf(store, live, live: true, now));
        var result = await database.Commits.RunAsync(commit, ct);
        Invariant.Holds(result.IsDone, $"a new store was refused: {result}");
        return new ProvisionedStore(merchant, store, test, live);
    }

    private ApiKey KeyOf(Store store, NewKeyPair pair, bool live, Instant now) =>
        new(
            pair.ApiKey,
            store.Id,
            live,
            Permissions.All,
            [ApiSecrets.Seal(box, pair.ApiKey, pair.SecretKey)],
            [],
            now,
            null
        );

    private NewKeyPair Mint(string prefix) => new(prefix + Digits(2), "sec_" + Digits(2));

    /// <summary>Twenty-six digits, 130 bits of chance, for each part.</summary>
    private string Digits(int parts)
    {
        Span<char> text = stackalloc char[26 * parts];
        Span<byte> random = stackalloc byte[17];
        for (var i = 0; i < parts; i++)
        {
            dice.Fill(random);
            var part = text.Slice(i * 26, 26);
            Base32.Write(part[..13], (UInt128)BitConverter.ToUInt64(random) << 1 | (uint)(random[16] & 1));
            Base32.Write(part[13..], (UInt128)BitConverter.ToUInt64(random[8..]) << 1 | (uint)(random[16] >> 1 & 1));
        }
        return text.ToString();
    }
}
