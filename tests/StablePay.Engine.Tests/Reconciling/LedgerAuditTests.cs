using StablePay.Storage.Tests;

namespace StablePay.Engine.Tests.Reconciling;

/// <summary>The ledger's own invariants, asked of the database every night; what breaks them came past our code.</summary>
public abstract class LedgerAuditTests(TestCluster? cluster) : ReconcilingTest(cluster)
{
    private string Balance => $"store:{World.Store.Store.Id}:balance";

    [Fact]
    public async Task L1_L2_L4_L6_hold_after_payments_of_every_kind()
    {
        var (_, address) = await SessionAsync(2599);
        Chain.Mine(
            Transfer(address, 2599),
            Transfer(address, 1),
            new SimTransfer(Chain.Network.Tokens[1], 123_456_789_012_345_678, address, Payer),
            new SimTransfer(Chain.Network.Tokens[1], 999_999_999_999_999_999, address, Payer)
        );
        await FinalAsync();
        await CycleAsync();
        World.Alerts.ShouldBeEmpty();
        var cycle = await World.Database.Reconciliation.FindCycleAsync("ledger", default);
        (cycle!.Number, cycle.FinishedAt is not null, cycle.Faults).ShouldBe((1, true, 0));
    }

    [Fact]
    public async Task L4_running_total_that_is_not_the_sum_of_its_postings_is_told_by_account()
    {
        await PaidAsync(2599);
        await RawAsync(
            $"update ledger_balances set credits = '{new string('0', 30)}025990001' where account = '{Balance}'"
        );
        await CycleAsync();
        var told = World.Alerts.ShouldHaveSingleItem();
        told.ShouldContain($"account {Balance} keeps debits 0, credits 25990001");
        told.ShouldContain("come to 0 and 25990000 atoms (L4)");
        World.Engine.Reconciliation.Last.LedgerFaults.ShouldBe(1);
    }

    [Fact]
    public async Task L4_running_total_that_is_lost_is_told()
    {
        await PaidAsync(2599);
        await RawAsync($"delete from ledger_balances where account = '{Balance}'");
        await CycleAsync();
        World.Alerts.ShouldHaveSingleItem().ShouldContain($"account {Balance} keeps debits 0, credits 0");
    }

    [Fact]
    public async Task L1_L2_posting_that_was_changed_is_told_by_entry()
    {
        await PaidAsync(2599);
        var entry = (await World.Database.Ledger.EntriesAsync(World.Store.Store.Id, default)).Single();
        await RawAsync(
            $"update postings set atoms = '{new string('0', 30)}125990000' "
                + $"where entry_id = '{entry.Id}' and side = 'debit'"
        );
        await CycleAsync();
        World.Alerts.ShouldContain(a =>
            a.Contains($"entry {entry.Id} does not balance in {Usdt.Id}: debits 125990000")
        );
        World.Alerts.ShouldContain(a => a.Contains($"the postings of {Usdt.Id} do not add up"));
        World.Alerts.ShouldContain(a => a.Contains($"account network:{Id}:deposits was debited 125990000 (L6)"));
        World.Alerts.Count.ShouldBe(3);
    }

    [Fact]
    public async Task L2_entry_with_one_posting_is_told()
    {
        await PaidAsync(2599);
        var entry = (await World.Database.Ledger.EntriesAsync(World.Store.Store.Id, default)).Single();
        await RawAsync($"delete from postings where entry_id = '{entry.Id}' and side = 'credit'");
        await CycleAsync();
        World.Alerts.ShouldContain(a => a.Contains($"entry {entry.Id} has fewer than two postings (L2)"));
    }

    [Fact]
    public async Task L6_final_transfer_without_its_entry_is_told()
    {
        await PaidAsync(2599);
        await RawAsync("update transfers set class = 'internal'");
        await CycleAsync();
        World.Alerts.ShouldHaveSingleItem().ShouldContain("come to 0 atoms, and account");
    }
}

public sealed class LedgerAuditOnSqliteTests() : LedgerAuditTests(null);

public sealed class LedgerAuditOnPostgresTests(TestCluster cluster) : LedgerAuditTests(cluster);
