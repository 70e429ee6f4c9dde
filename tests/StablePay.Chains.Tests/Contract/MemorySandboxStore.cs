using StablePay.Chains.Sandbox;
using StablePay.Core.Ids;
using StablePay.Core.Primitives;

namespace StablePay.Chains.Tests.Contract;

/// <summary>The sandbox's memory without a database.</summary>
public sealed class MemorySandboxStore : ISandboxStore
{
    private readonly List<(NetworkId Network, SandboxTransaction Transaction, long? Height)> _rows = [];
    private readonly List<(NetworkId Network, SandboxForkPoint Fork)> _forks = [];
    private readonly Lock _lock = new();

    public Task AddPendingAsync(NetworkId network, IReadOnlyList<SandboxTransaction> transactions, CancellationToken ct)
    {
        lock (_lock)
            _rows.AddRange(transactions.Select(t => (network, t, (long?)null)));
        return Task.CompletedTask;
    }

    public Task MineAsync(NetworkId network, long height, Instant time, CancellationToken ct)
    {
        lock (_lock)
        {
            bool Waits((NetworkId Network, SandboxTransaction Transaction, long? Height) row) =>
                row.Network == network && row.Height is null && row.Transaction.NotBefore <= time;
            var alone = _rows.Any(r => Waits(r) && r.Transaction.ComesAgain is not null);
            for (var i = 0; i < _rows.Count; i++)
                if (Waits(_rows[i]) && (!alone || _rows[i].Transaction.ComesAgain is not null))
                    _rows[i] = _rows[i] with { Height = height };
        }
        return Task.CompletedTask;
    }

    public Task<long?> LeaveAsync(NetworkId network, long tip, Instant now, CancellationToken ct)
    {
        lock (_lock)
        {
            var lowest = _rows
                .Where(r => r.Network == network && r.Transaction.ComesAgain is not null && r.Height <= tip)
                .Min(r => r.Height);
            if (lowest is not { } height)
                return Task.FromResult<long?>(null);
            for (var i = 0; i < _rows.Count; i++)
                if (
                    _rows[i] is { Transaction.ComesAgain: { } after } row
                    && row.Network == network
                    && row.Height >= height
                )
                    _rows[i] = row with
                    {
                        Height = null,
                        Transaction = row.Transaction with { NotBefore = now + after, ComesAgain = null },
                    };
            Fork(network, height, drop: false);
            return Task.FromResult<long?>(height);
        }
    }

    public Task<IReadOnlyList<SandboxTransaction>> ListAtAsync(NetworkId network, long height, CancellationToken ct)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<SandboxTransaction>>([
                .. _rows.Where(r => r.Network == network && r.Height == height).Select(r => r.Transaction),
            ]);
    }

    public Task<IReadOnlyList<SandboxForkPoint>> ForksAsync(NetworkId network, CancellationToken ct)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<SandboxForkPoint>>([
                .. _forks.Where(f => f.Network == network).Select(f => f.Fork),
            ]);
    }

    public Task ForkAsync(NetworkId network, long fromHeight, bool drop, CancellationToken ct)
    {
        lock (_lock)
            Fork(network, fromHeight, drop);
        return Task.CompletedTask;
    }

    private void Fork(NetworkId network, long fromHeight, bool drop)
    {
        _forks.Add((network, new SandboxForkPoint(fromHeight, _forks.Count(f => f.Network == network) + 1)));
        if (drop)
            _rows.RemoveAll(r => r.Network == network && r.Height >= fromHeight);
        for (var i = 0; i < _rows.Count; i++)
            if (_rows[i].Network == network && _rows[i].Height >= fromHeight)
                _rows[i] = _rows[i] with { Height = null };
    }
}
