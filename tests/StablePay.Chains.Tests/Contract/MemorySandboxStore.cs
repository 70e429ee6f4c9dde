using StablePay.Chains.Sandbox;
using StablePay.Core.Ids;

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

    public Task MineAsync(NetworkId network, long height, CancellationToken ct)
    {
        lock (_lock)
            for (var i = 0; i < _rows.Count; i++)
                if (_rows[i].Network == network && _rows[i].Height is null)
                    _rows[i] = _rows[i] with { Height = height };
        return Task.CompletedTask;
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
        {
            _forks.Add((network, new SandboxForkPoint(fromHeight, _forks.Count(f => f.Network == network) + 1)));
            if (drop)
                _rows.RemoveAll(r => r.Network == network && r.Height >= fromHeight);
            for (var i = 0; i < _rows.Count; i++)
                if (_rows[i].Network == network && _rows[i].Height >= fromHeight)
                    _rows[i] = _rows[i] with { Height = null };
        }
        return Task.CompletedTask;
    }
}
