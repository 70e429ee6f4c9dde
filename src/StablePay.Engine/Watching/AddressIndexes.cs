using StablePay.Storage;

namespace StablePay.Engine.Watching;

/// <summary>
/// Hands out derivation indexes, each once for ever (A1). The database holds the next one; a mark outside it, beside
/// the
/// seed, notices when the database was put back to an older state, and then a wide gap is left (PAY-11). Indexes that a
/// stopped process had reserved and not used are lost, on purpose.
/// </summary>
public sealed class AddressIndexes(AddressTable table, IHighWaterMark mark) : IDisposable
{
    private const int BlockSize = 64;

    /// <summary>More addresses than any backup interval can have issued.</summary>
    public const long GapAfterRestore = 10_000;

    private readonly SemaphoreSlim _reserving = new(1);
    private readonly Dictionary<string, (long Next, long End)> _blocks = [];

    public void Dispose() => _reserving.Dispose();

    /// <summary>The next index; null if the scheme has no address there any more.</summary>
    /// <param name="end">Where the scheme's addresses end.</param>
    public async Task<long?> NextAsync(string scheme, long end, CancellationToken ct)
    {
        await _reserving.WaitAsync(ct);
        try
        {
            if (!_blocks.TryGetValue(scheme, out var block) || block.Next == block.End)
                block = await ReserveAsync(scheme, ct);
            // An index that nobody gets is kept, so that asking in vain uses nothing up.
            _blocks[scheme] = block.Next < end ? block with { Next = block.Next + 1 } : block;
            return block.Next < end ? block.Next : null;
        }
        finally
        {
            _reserving.Release();
        }
    }

    /// <summary>The first index that <see cref="NextAsync"/> may still give.</summary>
    public async Task<long> FirstLeftAsync(string scheme, CancellationToken ct)
    {
        await _reserving.WaitAsync(ct);
        try
        {
            return _blocks.TryGetValue(scheme, out var block) ? block.Next : mark.Read(scheme);
        }
        finally
        {
            _reserving.Release();
        }
    }

    private async Task<(long Next, long End)> ReserveAsync(string scheme, CancellationToken ct)
    {
        var marked = mark.Read(scheme);
        var first = await table.ReserveIndexesAsync(scheme, BlockSize, 0, ct);
        if (first < marked)
        {
            // The database is older than what has been issued: somebody restored a backup.
            first = await table.ReserveIndexesAsync(scheme, BlockSize, marked + GapAfterRestore, ct);
        }
        mark.Raise(scheme, first + BlockSize);
        return (first, first + BlockSize);
    }
}

/// <summary>
/// The highest index ever reserved, kept outside the database so that a restored database is noticed. Must be durable
/// when <see cref="Raise"/> returns.
/// </summary>
public interface IHighWaterMark
{
    /// <summary>The mark of a scheme; 0 if none was ever set.</summary>
    long Read(string scheme);

    void Raise(string scheme, long atLeast);
}
