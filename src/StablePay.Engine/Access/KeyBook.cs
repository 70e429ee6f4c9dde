using System.Collections.Concurrent;
using StablePay.Storage;

namespace StablePay.Engine.Access;

/// <summary>
/// Keys and their stores in memory, so that a request asks the database for neither. Other processes' changes are seen
/// after <see cref="Freshness"/>; this process's own at once, by <see cref="Forget"/>.
/// </summary>
public sealed class KeyBook(Database database, Func<ApiKey, IReadOnlyList<byte[]>> openSecrets, TimeProvider clock)
{
    public static readonly TimeSpan Freshness = TimeSpan.FromSeconds(5);

    private const int LongestKey = 128;
    private const int MostEntries = 100_000;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    private sealed record Entry(Task<KnownKey?> Loading, Instant FreshUntil);

    /// <summary>The key with its owner, or null if there is none of this text.</summary>
    public ValueTask<KnownKey?> FindAsync(ReadOnlySpan<char> key)
    {
        // Text that no key can have costs no look into the database.
        if (key.Length > LongestKey || key.ContainsAnyExceptInRange('!', '~') || !HasPrefix(key))
            return ValueTask.FromResult<KnownKey?>(null);
        var found = _entries.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(key, out var entry);
        return found && entry!.FreshUntil > clock.Now && !entry.Loading.IsFaulted
            ? new ValueTask<KnownKey?>(entry.Loading)
            : new ValueTask<KnownKey?>(Reload(key.ToString(), entry));
    }

    /// <summary>The next request reads the key, its store and its merchant anew.</summary>
    public void Forget(string key) => _entries.TryRemove(key, out _);

    private Task<KnownKey?> Reload(string key, Entry? old)
    {
        // A flood of unknown keys must not fill the memory.
        if (_entries.Count >= MostEntries)
            _entries.Clear();
        var promise = new TaskCompletionSource<KnownKey?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var next = new Entry(promise.Task, clock.Now + Freshness);
        var current = old is null ? _entries.GetOrAdd(key, next) : Replace(key, old, next);
        if (current == next)
            _ = FillAsync(key, promise);
        return current.Loading;
    }

    /// <summary>One of several requests that find an entry stale reads it anew; the others wait for that.</summary>
    private Entry Replace(string key, Entry old, Entry next) =>
        _entries.TryUpdate(key, next, old) ? next : _entries.GetOrAdd(key, next);

    private async Task FillAsync(string key, TaskCompletionSource<KnownKey?> promise)
    {
        try
        {
            // Shared by several requests, so it belongs to none of their tokens.
            var row = await database.Access.FindKeyAsync(key, CancellationToken.None);
            promise.SetResult(
                row is { } found ? new KnownKey(found.Key, found.Store, found.Merchant, openSecrets(found.Key)) : null
            );
        }
#pragma warning disable CA1031 // Every failure goes to those who wait.
        catch (Exception e)
#pragma warning restore CA1031
        {
            promise.SetException(e);
        }
    }

    private static bool HasPrefix(ReadOnlySpan<char> key) =>
        key.StartsWith(ApiKey.LivePrefix, StringComparison.Ordinal)
        || key.StartsWith(ApiKey.TestPrefix, StringComparison.Ordinal);
}
