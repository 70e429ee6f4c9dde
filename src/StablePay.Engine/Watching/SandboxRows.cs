using StablePay.Chains.Sandbox;
using StablePay.Storage;

namespace StablePay.Engine.Watching;

/// <summary>
/// The sandbox chains' memory, in the database: it survives a restart and is the same for every process.
/// </summary>
public sealed class SandboxRows(SandboxTable table) : ISandboxStore
{
    public Task AddPendingAsync(
        NetworkId network,
        IReadOnlyList<SandboxTransaction> transactions,
        CancellationToken ct
    ) =>
        table.AddPendingAsync(
            [
                .. transactions.Select(t => new SandboxTransfer(
                    network,
                    t.Hash,
                    t.Position,
                    t.Contract,
                    t.Atoms,
                    t.From,
                    t.To,
                    t.Reverted,
                    null
                )
                {
                    NotBefore = t.NotBefore,
                    ComesAgain = t.ComesAgain,
                }),
            ],
            ct
        );

    public Task MineAsync(NetworkId network, long height, Instant time, CancellationToken ct) =>
        table.MineAsync(network, height, time, ct);

    public Task<long?> LeaveAsync(NetworkId network, long tip, Instant now, CancellationToken ct) =>
        table.LeaveAsync(network, tip, now, ct);

    public async Task<IReadOnlyList<SandboxTransaction>> ListAtAsync(
        NetworkId network,
        long height,
        CancellationToken ct
    ) =>
        [
            .. (await table.ListAtAsync(network, height, ct)).Select(t => new SandboxTransaction(
                t.TransactionHash,
                t.Position,
                t.Contract,
                t.Atoms,
                t.From,
                t.To,
                t.Reverted
            )),
        ];

    public async Task<IReadOnlyList<SandboxForkPoint>> ForksAsync(NetworkId network, CancellationToken ct) =>
        [.. (await table.ForksAsync(network, ct)).Select(f => new SandboxForkPoint(f.FromHeight, f.Number))];

    public Task ForkAsync(NetworkId network, long fromHeight, bool drop, CancellationToken ct) =>
        table.ForkAsync(network, fromHeight, drop, ct);
}
