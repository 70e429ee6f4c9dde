namespace StablePay.Storage;

/// <summary>Table <c>rates</c>: the last good rate of each currency, for a start without a network.</summary>
public sealed class RateTable
{
    private static readonly Sql Columns = $"currency, rate_unscaled, source, as_of_ms, saved_at_ms, detail";
    private readonly Db _db;

    internal RateTable(Db db) => _db = db;

    public Task SaveAsync(StoredRate rate, CancellationToken ct) => SaveAsync([rate], ct);

    /// <summary>All or none.</summary>
    public Task SaveAsync(IReadOnlyList<StoredRate> rates, CancellationToken ct) =>
        _db.WriteAsync(
            async link =>
            {
                foreach (var r in rates)
                {
                    await link.ExecuteAsync(
                        $"""
                        insert into rates ({Columns}) values (
                            {r.Currency}, {r.Rate.Unscaled.ToString(
                            CultureInfo.InvariantCulture
                        )}, {r.Source}, {r.AsOf},
                            {r.SavedAt}, {r.Detail})
                        on conflict (currency) do update set rate_unscaled = excluded.rate_unscaled,
                            source = excluded.source, as_of_ms = excluded.as_of_ms, saved_at_ms = excluded.saved_at_ms,
                            detail = excluded.detail
                        """,
                        ct
                    );
                }
                return true;
            },
            ct
        );

    public Task<IReadOnlyList<StoredRate>> AllAsync(CancellationToken ct) =>
        _db.ListAsync<StoredRate>(
            $"select {Columns} from rates order by currency",
            row => new(row.Text(), SessionTable.ReadRate(row.Text()), row.Text(), row.Time(), row.Time(), row.Text()),
            ct
        );
}
