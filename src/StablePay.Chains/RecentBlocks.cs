using System.Diagnostics.CodeAnalysis;

namespace StablePay.Chains;

/// <summary>
/// What was just read of blocks, for the question about their transfers that follows. Safe for use from several
/// threads.
/// </summary>
internal sealed class RecentBlocks<T>(int most)
{
    private readonly Lock _gate = new();
    private readonly Queue<string> _order = [];
    private readonly Dictionary<string, T> _kept = [];

    /// <summary>
    /// Takes the place of what was told of the same block before: that may have come from another node, or from one
    /// that lied.
    /// </summary>
    public void Remember(string hash, T value)
    {
        lock (_gate)
        {
            if (!_kept.TryAdd(hash, value))
            {
                _kept[hash] = value;
                return;
            }
            _order.Enqueue(hash);
            if (_order.Count > most)
                _kept.Remove(_order.Dequeue());
        }
    }

    public bool TryRecall(string hash, [MaybeNullWhen(false)] out T value)
    {
        lock (_gate)
            return _kept.TryGetValue(hash, out value);
    }
}
