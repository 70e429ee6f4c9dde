namespace StablePay.Storage;

/// <summary>Table <c>block_locators</c>: where each network's watcher stands.</summary>
public sealed class LocatorTable
{
    private readonly Db _db;

    internal LocatorTable(Db db) => _db = db;

    public Task<BlockLocator?> FindAsync(NetworkId network, CancellationToken ct) =>
        _db.FindAsync<BlockLocator>(
            $"""
            select network, tip_height, tip_hash, tip_time_ms, final_height, ancestors from block_locators
            where network = {network}
            """,
            row =>
                new(
                    row.Network(),
                    new BlockRef(row.Number(), row.Text()),
                    row.Time(),
                    row.Number(),
                    ReadRefs(row.Text())
                ),
            ct
        );

    internal static Statement Move(BlockLocator l) =>
        Statement.Of(
            $"""
            insert into block_locators (network, tip_height, tip_hash, tip_time_ms, final_height, ancestors)
            values ({l.Network}, {l.Tip.Height}, {l.Tip.Hash}, {l.TipTime}, {l.FinalHeight}, {WriteRefs(l.Ancestors)})
            on conflict (network) do update set tip_height = excluded.tip_height, tip_hash = excluded.tip_hash,
                tip_time_ms = excluded.tip_time_ms, final_height = excluded.final_height, ancestors = excluded.ancestors
            """,
            null
        );

    /// <summary>Hashes hold no space, so <c>height:hash</c> parted by spaces can be read back.</summary>
    private static string WriteRefs(IReadOnlyList<BlockRef> refs) => string.Join(' ', refs);

    private static List<BlockRef> ReadRefs(string text)
    {
        List<BlockRef> refs = [];
        foreach (var part in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var colon = part.IndexOf(':', StringComparison.Ordinal);
            refs.Add(new BlockRef(long.Parse(part[..colon], CultureInfo.InvariantCulture), part[(colon + 1)..]));
        }
        return refs;
    }
}
