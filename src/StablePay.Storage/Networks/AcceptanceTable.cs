namespace StablePay.Storage;

/// <summary>
/// Table <c>acceptance_tiers</c>: a row for each store and network that accepts anything before it is final.
/// </summary>
public sealed class AcceptanceTable
{
    private readonly Db _db;

    internal AcceptanceTable(Db db) => _db = db;

    /// <summary>What each store accepts on a network; stores that accept nothing early are not in it.</summary>
    public async Task<IReadOnlyDictionary<StoreId, AcceptanceTiers>> ListByNetworkAsync(
        NetworkId network,
        CancellationToken ct
    ) =>
        (
            await _db.ListAsync(
                $"select store_id, tiers from acceptance_tiers where network = {network}",
                row => (Store: row.Id<StoreId>(), Tiers: Read(row.Text())),
                ct
            )
        ).ToDictionary(row => row.Store, row => row.Tiers);

    /// <summary>What a store accepts, by network.</summary>
    public async Task<IReadOnlyDictionary<NetworkId, AcceptanceTiers>> ListByStoreAsync(
        StoreId store,
        CancellationToken ct
    ) =>
        (
            await _db.ListAsync(
                $"select network, tiers from acceptance_tiers where store_id = {store}",
                row => (Network: row.Network(), Tiers: Read(row.Text())),
                ct
            )
        ).ToDictionary(row => row.Network, row => row.Tiers);

    internal static Statement Put(StoreId store, NetworkId network, AcceptanceTiers tiers) =>
        Statement.Of(
            $"""
            insert into acceptance_tiers (store_id, network, tiers) values ({store}, {network}, {Write(tiers)})
            on conflict (network, store_id) do update set tiers = {Write(tiers)}
            """,
            null
        );

    private static string Write(AcceptanceTiers tiers) =>
        string.Join(
            ',',
            tiers.All.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.UpToCents}:{t.Confirmations}"))
        );

    private static AcceptanceTiers Read(string text)
    {
        var tiers = text.Split(',', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split(':'))
            .Select(pair => new AcceptanceTier(
                long.Parse(pair[0], CultureInfo.InvariantCulture),
                int.Parse(pair[1], CultureInfo.InvariantCulture)
            ));
        return AcceptanceTiers.Of([.. tiers]).Value;
    }
}
