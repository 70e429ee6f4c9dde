using Microsoft.Data.Sqlite;
using StablePay.Engine.Checkout;
using StablePay.Engine.Watching;

namespace StablePay.Engine.Tests.Watching;

/// <summary>Cases of threats.md A5 that need more than one session, its end, or a restored database.</summary>
public sealed class SessionThreatTests() : SimPaymentTest(new FinalityRule.Depth(12))
{
    [Fact]
    public async Task PAY_05_second_half_after_the_end_is_late_by_its_blocks_time_and_accounted()
    {
        var (session, address) = await SessionAsync(2_600);
        Chain.Mine(Transfer(address, 1_300));
        await World.WatchAsync();
        World.Clock.Advance(TimeSpan.FromHours(3) + TimeSpan.FromSeconds(2));
        Chain.NextTime = World.Now;
        Chain.Mine(Transfer(address, 1_300));
        await MineAsync(12);
        await World.WorkAsync();
        var ended = await World.ReadAsync(session);
        (ended.PaymentStatus, ended.Exception, ended.AmountReceived).ShouldBe(("expired", "paid_late", 1_300));
        ended.Transfers.Select(t => t.Class).ShouldBe(["counted", "late"]);
        (await CreditedAsync()).ShouldBe((UInt128)26_000_000);
    }

    [Fact]
    public async Task PAY_10_address_of_an_old_payment_that_is_paid_again_never_pays_a_new_one()
    {
        var (old, address) = await SessionAsync(2_599);
        var (next, other) = await SessionAsync(2_599);
        other.ShouldNotBe(address);
        Chain.Mine(Transfer(address, 2_599));
        await MineAsync(12);
        Chain.Mine(Transfer(address, 2_599));
        await MineAsync(12);
        var first = await World.ReadAsync(old);
        (first.PaymentStatus, first.Exception, first.AmountReceived).ShouldBe(("paid", "overpaid", 5_198));
        (await StatusAsync(next)).ShouldBe("pending");
    }

    [Fact]
    public async Task PAY_11_database_put_back_to_an_older_state_never_gives_an_address_twice()
    {
        var before = await IndexesAsync(3);
        await using (var connection = new SqliteConnection($"Data Source={World.DatabasePath};Pooling=False"))
        {
            // What a backup from before those three sessions says.
            await connection.OpenAsync();
            await using var rewind = connection.CreateCommand();
            rewind.CommandText = "update address_indexes set next_index = 0";
            (await rewind.ExecuteNonQueryAsync()).ShouldBe(1);
        }
        await World.RestartAsync();
        await World.WatchAsync();
        var after = await IndexesAsync(3);
        after.Min().ShouldBeGreaterThanOrEqualTo(before.Max() + AddressIndexes.GapAfterRestore);
        after.Distinct().Count().ShouldBe(3);
    }

    [Fact]
    public async Task PAY_11_restart_without_a_restore_goes_on_without_a_gap()
    {
        var before = await IndexesAsync(1);
        await World.RestartAsync();
        await World.WatchAsync();
        (await IndexesAsync(1)).Single().ShouldBeInRange(before.Single() + 1, before.Single() + 64);
    }

    private async Task<List<long>> IndexesAsync(int sessions)
    {
        var indexes = new List<long>();
        for (var i = 0; i < sessions; i++)
        {
            SessionView session = (await SessionAsync(2_599)).Session;
            var stored = await World.Database.Sessions.FindAsync(SessionId.From(session.Id), default);
            indexes.Add(stored.ShouldNotBeNull().Chosen.ShouldNotBeNull().AddressIndex);
        }
        return indexes;
    }
}
