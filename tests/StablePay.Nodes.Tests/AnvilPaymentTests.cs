using StablePay.Core.Checkout;
using StablePay.Core.Ids;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Engine.Checkout;

namespace StablePay.Nodes.Tests;

/// <summary>Sessions paid with ERC-20 tokens on a real EVM node, through the production engine.</summary>
public abstract class AnvilPaymentTests(PostgresServer? postgres) : IAsyncLifetime
{
    private AnvilWorld _anvil = null!;

    public async ValueTask InitializeAsync() =>
        _anvil = await AnvilWorld.StartAsync(postgres: postgres is null ? null : await postgres.CreateDatabaseAsync());

    public async ValueTask DisposeAsync()
    {
        await _anvil.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    private PaymentWorld World => _anvil.World;

    private async Task<(SessionView Session, string Address)> SessionAsync(long cents, Asset asset)
    {
        var session = await World.OpenSessionAsync(cents, live: true);
        var page = await World.ChooseAsync(session, AnvilWorld.Network, asset);
        return (session, page.Chosen!.Address);
    }

    private static UInt128 Usdt(long cents) => (UInt128)cents * 10_000;

    [Fact]
    public async Task Exact_payment_is_seen_then_paid_when_final_and_credited_once()
    {
        var (session, address) = await SessionAsync(2599, Asset.Usdt);
        var hash = await _anvil.Usdt.TransferAsync(address, Usdt(2599));
        await _anvil.BlockAsync();
        var seen = await World.ReadAsync(session);
        (seen.PaymentStatus, seen.AmountReceived, seen.AmountRemaining).ShouldBe(("processing", 2599, 0));
        seen.Transfers.Single().TransactionHash.ShouldBe(hash);
        seen.Transfers[0].Confirmations.ShouldBe(1);

        await _anvil.FinalizeAsync();
        var paid = await World.ReadAsync(session);
        (paid.PaymentStatus, paid.Exception, paid.TargetCurrency).ShouldBe(("paid", null, "USDT"));
        paid.Transfers.Single().Status.ShouldBe("final");
        (await World.EventsAsync(true)).ShouldBe(["payment.processing", "payment.completed"]);
        var balance = await World.Database.Ledger.BalanceAsync(
            Core.Ledger.LedgerAccount.StoreBalance(World.Store.Store.Id),
            Token(Asset.Usdt),
            CancellationToken.None
        );
        (balance.Credits, balance.Debits).ShouldBe((Usdt(2599), UInt128.Zero));
    }

    [Fact]
    public async Task TOK_15_token_with_18_decimals_is_paid_in_its_own_atoms()
    {
        var (session, address) = await SessionAsync(1_000, Asset.Usdc);
        await _anvil.Usdc.TransferAsync(address, 10_000_000);
        await _anvil.BlockAsync();
        (await World.ReadAsync(session)).AmountReceived.ShouldBe(0);
        await _anvil.Usdc.TransferAsync(address, 10 * Decimals.PowerOfTen(18));
        await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        var paid = await World.ReadAsync(session);
        (paid.PaymentStatus, paid.AmountReceived, paid.Exception).ShouldBe(("paid", 1_000, null));
    }

    [Fact]
    public async Task PAY_01_two_parts_add_up_and_the_first_shows_what_is_missing()
    {
        var (session, address) = await SessionAsync(4144, Asset.Usdt);
        await _anvil.Usdt.TransferAsync(address, Usdt(3644));
        await _anvil.BlockAsync();
        var part = await World.ReadAsync(session);
        (part.PaymentStatus, part.Exception, part.AmountRemaining).ShouldBe(("pending", "underpaid", 500));
        await _anvil.Usdt.TransferAsync(address, Usdt(500), _anvil.Node.Payer);
        await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
        (await World.EventsAsync(true)).ShouldBe(["payment.underpaid", "payment.processing", "payment.completed"]);
    }

    [Fact]
    public async Task PAY_03_overpayment_is_paid_and_told()
    {
        var (session, address) = await SessionAsync(10_000, Asset.Usdt);
        await _anvil.Usdt.TransferAsync(address, Usdt(15_000));
        await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        var paid = await World.ReadAsync(session);
        (paid.PaymentStatus, paid.Exception, paid.AmountReceived).ShouldBe(("paid", "overpaid", 15_000));
        (await World.EventsAsync(true)).ShouldContain("payment.overpaid");
    }

    [Fact]
    public async Task PAY_06_too_late_by_block_time_is_recorded_and_never_counted()
    {
        var (session, address) = await SessionAsync(2599, Asset.Usdt);
        World.Clock.Advance(TimeSpan.FromMinutes(31));
        await _anvil.Usdt.TransferAsync(address, Usdt(2599));
        await _anvil.BlockAsync();
        await World.WorkAsync();
        await _anvil.FinalizeAsync();
        var late = await World.ReadAsync(session);
        (late.PaymentStatus, late.Exception, late.AmountReceived).ShouldBe(("expired", "paid_late", 0));
        late.Transfers.Single().Class.ShouldBe("late");
        (await World.EventsAsync(true)).ShouldBe(["payment.expired", "payment.paid_late"]);
    }

    [Fact]
    public async Task PAY_07_payment_in_time_is_paid_however_late_it_is_read()
    {
        var (session, address) = await SessionAsync(2599, Asset.Usdt);
        await _anvil.Usdt.TransferAsync(address, Usdt(2599));
        await _anvil.MineAtClockAsync();
        // The node's blocks are not read until long after the end; the expiry job looks and must not expire.
        World.Clock.Advance(TimeSpan.FromHours(3));
        await World.WorkAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("pending");
        await World.WatchAsync();
        await _anvil.FinalizeAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
    }

    [Fact]
    public async Task TOK_10_several_transfers_of_one_transaction_are_each_credited()
    {
        var (one, first) = await SessionAsync(1_000, Asset.Usdt);
        var (two, second) = await SessionAsync(2_000, Asset.Usdt);
        var hash = await _anvil.Usdt.BatchAsync((first, Usdt(400)), (second, Usdt(2_000)), (first, Usdt(600)));
        await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        var paid = await World.ReadAsync(one);
        paid.PaymentStatus.ShouldBe("paid");
        paid.Transfers.Count.ShouldBe(2);
        paid.Transfers.ShouldAllBe(t => t.TransactionHash == hash);
        (await World.ReadAsync(two)).PaymentStatus.ShouldBe("paid");
        var rows = await World.Database.Transfers.ListBySessionAsync(SessionId.From(one.Id), CancellationToken.None);
        rows.Select(t => t.Position).Order().ShouldBe([0, 2]);
    }

    [Fact]
    public async Task TOK_01_wrong_token_with_the_same_symbol_credits_nothing()
    {
        var fake = await TestToken.DeployFakeAsync(_anvil.Node);
        var copy = await TestToken.DeployAsync(_anvil.Node, "Tether USD", "USDT", 6);
        await copy.MintAsync(_anvil.Node.Payer, Usdt(1_000_000));
        var (session, address) = await SessionAsync(2599, Asset.Usdt);
        await fake.PretendAsync(address, Usdt(2599));
        await copy.TransferAsync(address, Usdt(2599));
        await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        var untouched = await World.ReadAsync(session);
        (untouched.PaymentStatus, untouched.AmountReceived, untouched.Transfers.Count).ShouldBe(("pending", 0, 0));
    }

    [Fact]
    public async Task Known_token_that_was_not_chosen_is_told_as_wrong()
    {
        var (session, address) = await SessionAsync(2599, Asset.Usdt);
        await _anvil.Usdc.TransferAsync(address, 2599 * Decimals.PowerOfTen(16));
        await _anvil.BlockAsync();
        var wrong = await World.ReadAsync(session);
        (wrong.PaymentStatus, wrong.Exception, wrong.AmountReceived).ShouldBe(("pending", "wrong_token", 0));
    }

    [Fact]
    public async Task TOK_08_TOK_09_reverted_transfers_credit_nothing()
    {
        var (session, address) = await SessionAsync(2599, Asset.Usdt);
        await _anvil.Usdt.TransferThenRevertAsync(address, Usdt(2599));
        await _anvil.Usdt.TryInnerAsync(address, Usdt(2599));
        await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        var untouched = await World.ReadAsync(session);
        (untouched.PaymentStatus, untouched.Transfers.Count).ShouldBe(("pending", 0));
    }

    [Fact]
    public async Task TOK_05_zero_value_is_kept_as_dust_and_moves_nothing()
    {
        var (session, address) = await SessionAsync(2599, Asset.Usdt);
        await _anvil.Usdt.TransferAsync(address, 0, _anvil.Node.OtherPayer);
        await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        var untouched = await World.ReadAsync(session);
        (untouched.PaymentStatus, untouched.AmountReceived, untouched.Exception).ShouldBe(("pending", 0, null));
        untouched.Transfers.Single().Class.ShouldBe("dust");
        (await World.EventsAsync(true)).ShouldBeEmpty();
    }

    [Fact]
    public async Task TOK_17_amount_beyond_any_supply_is_quarantined_and_the_next_log_is_processed()
    {
        var (session, address) = await SessionAsync(2599, Asset.Usdt);
        await _anvil.Usdt.EmitHugeAsync(address);
        await _anvil.Usdt.TransferAsync(address, Usdt(2599));
        await _anvil.BlockAsync();
        await _anvil.FinalizeAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
        var kept = await World.Database.Transfers.ListQuarantinedAsync(AnvilWorld.Network, 10, CancellationToken.None);
        kept.Single().Transfer.Reason.ShouldContain("supply");
    }

    [Fact]
    public async Task PAY_18_payment_in_the_same_block_as_the_address_was_created_is_found()
    {
        // The transaction is sent before the address is committed, and mined right after.
        var session = await World.OpenSessionAsync(2599, live: true);
        var page = await World.ChooseAsync(session, AnvilWorld.Network, Asset.Usdt);
        await _anvil.Usdt.TransferAsync(page.Chosen!.Address, Usdt(2599));
        await _anvil.MineAtClockAsync();
        await World.WatchAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("processing");
    }

    [Fact]
    public async Task Restart_in_the_middle_of_confirmations_loses_and_doubles_nothing()
    {
        var (session, address) = await SessionAsync(2599, Asset.Usdt);
        await _anvil.Usdt.TransferAsync(address, Usdt(2599));
        await _anvil.BlockAsync();
        await World.RestartAsync();
        await _anvil.FinalizeAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
        (await World.EventsAsync(true)).ShouldBe(["payment.processing", "payment.completed"]);
    }

    private static Token Token(Asset asset, AnvilWorld anvil) => anvil.World.Chains[0].Network.Find(asset)!;

    private Token Token(Asset asset) => Token(asset, _anvil);
}

/// <summary>Payments on a SQLite file.</summary>
public sealed class SqliteAnvilPaymentTests() : AnvilPaymentTests(null);

/// <summary>The same on a real PostgreSQL.</summary>
public sealed class PostgresAnvilPaymentTests(PostgresServer postgres) : AnvilPaymentTests(postgres);
