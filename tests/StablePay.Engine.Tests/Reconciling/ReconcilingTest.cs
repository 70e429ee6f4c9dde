using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using StablePay.Core.Ledger;
using StablePay.Engine.Reconciling;
using StablePay.Engine.Tests.Watching;
using StablePay.Storage.Tests;

namespace StablePay.Engine.Tests.Reconciling;

/// <summary>Payments on a simulated network whose balances a test changes behind our back, on both databases.</summary>
public abstract class ReconcilingTest(TestCluster? cluster)
    : SimPaymentTest(new FinalityRule.Tag("finalized", 64) { NaturalDepth = 400 })
{
    private string? _postgres;

    protected override async Task<string?> PostgresAsync() =>
        _postgres = cluster is null ? null : await cluster.CreateDatabaseAsync();

    /// <summary>A session, paid and final.</summary>
    /// <returns>Its address.</returns>
    protected async Task<string> PaidAsync(long cents)
    {
        var (_, address) = await SessionAsync(cents);
        Chain.Mine(Transfer(address, cents));
        await FinalAsync();
        return address;
    }

    /// <summary>The next cycle from its beginning to its end, as the job does it; the watcher reads on meanwhile.</summary>
    protected async Task CycleAsync()
    {
        World.Clock.Advance(TimeSpan.FromHours(24));
        await World.WatchAsync();
        await World.WorkAsync();
        await LaterAsync(ChainAudit.LookAgain);
        await World.WorkAsync();
    }

    protected async Task<IReadOnlyList<ReconciliationItem>> OpenAsync() =>
        await World.Database.Reconciliation.ListOpenAsync(100, default);

    protected async Task<Difference> OnlyOpenAsync() => (await OpenAsync()).ShouldHaveSingleItem().Difference;

    protected async Task<(long Number, bool IsFinished, long Compared)> CycleStateAsync() =>
        await World.Database.Reconciliation.FindCycleAsync(Id.Value, default) is { } cycle
            ? (cycle.Number, cycle.FinishedAt is not null, cycle.Compared)
            : default;

    /// <summary>Changes the database past our own code.</summary>
    protected async Task RawAsync(string sql, int changed = 1)
    {
        await using DbConnection connection = _postgres is { } postgres
            ? new NpgsqlConnection(postgres)
            : new SqliteConnection($"Data Source={World.DatabasePath};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        (await command.ExecuteNonQueryAsync()).ShouldBe(changed);
    }
}
