using System.Diagnostics.Metrics;
using Microsoft.Data.Sqlite;
using StablePay.Core.Ledger;
using StablePay.Engine.Telemetry;

namespace StablePay.Engine.Tests.Watching;

/// <summary>Payers who always send the least that counts as paid (threats.md A5).</summary>
public sealed class ToleranceTests() : SimPaymentTest(new FinalityRule.Depth(12))
{
    [Fact]
    public async Task PAY_02_what_tolerance_costs_is_added_up_by_store_and_coin_for_merchant_and_operator()
    {
        await using (var connection = new SqliteConnection($"Data Source={World.DatabasePath};Pooling=False"))
        {
            await connection.OpenAsync();
            await using var set = connection.CreateCommand();
            set.CommandText = "update stores set tolerance_bp = 100";
            (await set.ExecuteNonQueryAsync()).ShouldBe(1);
        }
        var coins = 0.0;
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, own) =>
            {
                if (instrument.Meter == World.Engine.Metrics.Meter && instrument.Name == Shortages.Name)
                    own.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<double>(
            (_, value, tags, _) =>
            {
                var told = tags.ToArray().ToDictionary(t => t.Key, t => (string)t.Value!);
                (told["store"], told["token"]).ShouldBe((World.Store.Store.Id.Value, "USDT"));
                coins += value;
            }
        );
        listener.Start();

        var addresses = new List<string>();
        for (var i = 0; i < 40; i++)
            addresses.Add((await SessionAsync(10_000)).Address);
        Chain.Mine([.. addresses.Select(a => Transfer(a, 9_900))]);
        await World.WatchAsync();
        (await ToleratedAsync()).ShouldBe(UInt128.Zero);
        await MineAsync(12);

        // 40 payments of 100.00, short by 1 % each: 40.00 and not an atom more.
        (await ToleratedAsync()).ShouldBe((UInt128)40_000_000);
        (await CreditedAsync()).ShouldBe((UInt128)40 * 99_000_000);
        coins.ShouldBe(40, 0.000001);
        var told = await World.Engine.Acceptance.ToleratedAsync(await World.CallerAsync(live: true), default);
        told.ShouldBe(new Dictionary<string, UInt128> { [Usdt.Id] = 40_000_000 });

        await World.RestartAsync();
        await World.WatchAsync();
        (await ToleratedAsync()).ShouldBe((UInt128)40_000_000);
    }

    private async Task<UInt128> ToleratedAsync()
    {
        var account = LedgerAccount.StoreTolerance(World.Store.Store.Id);
        return (await World.Database.Ledger.BalanceAsync(account, Usdt, default)).Debits;
    }
}
