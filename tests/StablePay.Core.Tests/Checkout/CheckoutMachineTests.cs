using static StablePay.Core.Tests.Checkout.Sessions;

namespace StablePay.Core.Tests.Checkout;

public sealed class CheckoutMachineTests
{
    [Fact]
    public void Session_is_processing_when_the_whole_amount_is_in_a_block()
    {
        var decision = Chosen().Decided(In(2599));
        decision.Next!.State.ShouldBe(SessionState.Confirming);
        decision.Next.Version.ShouldBe(3);
        decision.Names().ShouldBe(["payment.processing"]);
    }

    [Fact]
    public void Session_is_paid_once_when_the_amount_is_final()
    {
        var decision = Chosen().After(In(2599)).Decided(Final(2599));
        decision.Next!.State.ShouldBe(SessionState.Paid);
        decision.Next.PaidAt.ShouldBe(Created);
        decision.Names().ShouldBe(["payment.completed"]);
        decision.Next.Exception.ShouldBeNull();
    }

    [Fact]
    public void PAY_01_underpaid_shows_what_is_missing_and_a_top_up_completes_it()
    {
        var short_ = Chosen(10_000, tolerance: 50).Decided(In(9_900));
        short_.Next!.State.ShouldBe(SessionState.Underpaid);
        short_.Next.Exception.ShouldBe(PaymentException.Underpaid);
        short_.Next.Remaining.ShouldBe(Coverage.FromCents(100));
        short_.Names().ShouldBe(["payment.underpaid"]);
        short_.Next.After(In(100), Final(9_900), Final(100)).State.ShouldBe(SessionState.Paid);
    }

    [Fact]
    public void PAY_02_ten_thousand_payments_short_by_all_that_is_tolerated_cost_no_more_than_that_and_all_is_written()
    {
        var random = new Random(20261124);
        var (due, written, allowed) = (UInt128.Zero, UInt128.Zero, UInt128.Zero);
        for (var i = 0; i < 10_000; i++)
        {
            var (cents, tolerance) = (random.NextInt64(1, 1_000_000), random.Next(1, 1_001));
            var session = Chosen(cents, tolerance);
            // The fewest atoms that are enough; with one less it is not paid, whoever pays.
            var least = session.Required.In(Usdt, Rounding.Up).Atoms;
            CheckoutInput[] Pays(UInt128 atoms) =>
                [
                    new CheckoutInput.Included(new TokenAmount(Usdt, atoms), TransferClass.Counted),
                    new CheckoutInput.Finalized(new TokenAmount(Usdt, atoms), TransferClass.Counted),
                ];
            session.After(Pays(least - 1)).State.ShouldBe(SessionState.Underpaid);
            var settled = session.After(Pays(least)[0]).Decided(Pays(least)[1]);
            settled.Next!.State.ShouldBe(SessionState.Paid);
            foreach (var posting in settled.Entries.SelectMany(e => e.Postings).Where(p => p.Side == Side.Debit))
            {
                posting.Account.ShouldBe(LedgerAccount.StoreTolerance(session.Store));
                written += posting.Amount.Atoms;
            }
            due += session.Quote.Due.In(Usdt, Rounding.Down).Atoms - least;
            allowed += (UInt128)cents * 10_000 * (UInt128)tolerance / 10_000;
        }
        written.ShouldBe(due);
        written.ShouldBeLessThanOrEqualTo(allowed);
        written.ShouldBeGreaterThan(allowed - 10_000);
    }

    [Fact]
    public void PAY_02_shortage_is_written_once_when_all_of_it_is_final_and_never_where_nothing_is_missing()
    {
        var half = Chosen(10_000, tolerance: 100).After(In(5_000), In(4_900), Final(5_000));
        var settled = half.Decided(Final(4_900));
        settled.Entries.ShouldHaveSingleItem().Postings.ShouldAllBe(p => p.Amount == Cents(100));
        // What comes later is the payer's own matter; the store was short when it was paid.
        settled.Next!.After(In(50)).Decided(Final(50)).Entries.ShouldBeEmpty();
        Chosen(10_000, tolerance: 100).After(In(10_000)).Decided(Final(10_000)).Entries.ShouldBeEmpty();

        // Accepted before it is final: paid, and nothing is written until it cannot be undone.
        var accepted = Chosen(10_000, tolerance: 100).After(In(9_900)).Decided(Taken(9_900));
        (accepted.Next!.State, accepted.Entries.Count).ShouldBe((SessionState.Paid, 0));
        accepted.Next.Decided(TakenFinal(9_900)).Entries.ShouldHaveSingleItem().Cause.ShouldBe("tolerated:sess_1");
    }

    [Fact]
    public void PAY_01_within_the_tolerance_counts_as_paid()
    {
        var paid = Chosen(10_000, tolerance: 100).After(In(9_900), Final(9_900));
        paid.State.ShouldBe(SessionState.Paid);
        paid.Exception.ShouldBeNull();
        paid.Remaining.ShouldBe(Coverage.Zero);
    }

    [Fact]
    public void PAY_03_overpaid_is_paid_and_the_surplus_is_told()
    {
        var decision = Chosen(10_000).After(In(15_000)).Decided(Final(15_000));
        decision.Next!.State.ShouldBe(SessionState.Paid);
        decision.Next.Surplus.ShouldBe(Coverage.FromCents(5_000));
        decision.Next.Exception.ShouldBe(PaymentException.Overpaid);
        decision.Names().ShouldBe(["payment.completed", "payment.overpaid"]);
    }

    [Fact]
    public void PAY_04_a_second_full_payment_is_surplus_and_completes_nothing_twice()
    {
        var paid = Chosen(10_000).After(In(10_000), Final(10_000));
        var second = paid.After(In(10_000)).Decided(Final(10_000));
        second.Next!.State.ShouldBe(SessionState.Paid);
        second.Next.Surplus.ShouldBe(Coverage.FromCents(10_000));
        second.Names().ShouldBe(["payment.overpaid"]);
    }

    [Fact]
    public void Session_opens_again_when_a_reorg_takes_the_payment_and_gets_a_new_expiry_job()
    {
        var decision = Chosen().After(In(2599)).Decided(Out(2599));
        decision.Next!.State.ShouldBe(SessionState.Awaiting);
        decision.Names().ShouldBe(["payment.reversed"]);
        decision.Jobs.Single().Kind.ShouldBe(JobKind.ExpireSession);
        decision.Next.After(In(2599), Final(2599)).State.ShouldBe(SessionState.Paid);
    }

    [Fact]
    public void Session_fails_when_time_is_over_and_what_was_seen_has_been_undone()
    {
        var decision = Chosen().After(In(2599), Out(2599)).Decided(new CheckoutInput.TimeOver());
        decision.Next!.State.ShouldBe(SessionState.Failed);
        decision.Names().ShouldBe(["payment.failed"]);
    }

    [Fact]
    public void Session_that_is_confirming_does_not_expire()
    {
        var confirming = Chosen().After(In(2599));
        confirming.Decided(new CheckoutInput.TimeOver()).Next.ShouldBe(confirming);
    }

    [Fact]
    public void Session_does_not_expire_before_its_time()
    {
        var session = Chosen();
        session.Decided(new CheckoutInput.TimeOver(), Ends - TimeSpan.FromMilliseconds(1)).Next.ShouldBe(session);
    }

    [Fact]
    public void Underpaid_session_expires_and_keeps_the_exception()
    {
        var decision = Chosen().After(In(1_000)).Decided(new CheckoutInput.TimeOver());
        decision.Next!.State.ShouldBe(SessionState.Expired);
        decision.Next.Exception.ShouldBe(PaymentException.Underpaid);
        decision.Names().ShouldBe(["payment.expired"]);
    }

    [Fact]
    public void PAY_06_money_after_the_end_is_late_and_told_when_final()
    {
        var ended = Chosen().After(new CheckoutInput.TimeOver());
        ended.Classify(Cents(2599), Created).ShouldBe(TransferClass.Late);
        var late = ended.After(new CheckoutInput.Included(Cents(2599), TransferClass.Late));
        var decision = late.Decided(new CheckoutInput.Finalized(Cents(2599), TransferClass.Late));
        decision.Next!.State.ShouldBe(SessionState.Expired);
        decision.Next.Exception.ShouldBe(PaymentException.PaidLate);
        decision.Names().ShouldBe(["payment.paid_late"]);
    }

    [Fact]
    public void Classification_is_by_block_time_to_the_end_second()
    {
        var session = Chosen();
        session.Classify(Cents(2599), Ends).ShouldBe(TransferClass.Counted);
        session.Classify(Cents(2599), Ends + TimeSpan.FromMilliseconds(999)).ShouldBe(TransferClass.Counted);
        session.Classify(Cents(2599), Ends + TimeSpan.FromSeconds(1)).ShouldBe(TransferClass.Late);
    }

    [Fact]
    public void TOK_05_TOK_06_zero_value_and_dust_move_nothing()
    {
        var session = Chosen();
        session.Classify(new TokenAmount(Usdt, 0), Created).ShouldBe(TransferClass.Dust);
        session.Classify(new TokenAmount(Usdt, 9_999), Created).ShouldBe(TransferClass.Dust);
        session.Classify(new TokenAmount(Usdt, 10_000), Created).ShouldBe(TransferClass.Counted);
        var after = session.Decided(new CheckoutInput.Included(new TokenAmount(Usdt, 5), TransferClass.Dust));
        (after.Next!.State, after.Next.Included, after.Events.Count).ShouldBe(
            (SessionState.Awaiting, Coverage.Zero, 0)
        );
    }

    [Fact]
    public void TOK_15_ten_dollars_on_bsc_are_ten_to_the_nineteenth_atoms()
    {
        var session = New(1_000)
            .After(new CheckoutInput.Chosen(new Choice(UsdtOnBsc, "0x8712A3b81A00DC56c0E2547956ed3aEfAC02b0d8", 7)));
        session.Classify(new TokenAmount(UsdtOnBsc, 10_000_000), Created).ShouldBe(TransferClass.Dust);
        var exact = new TokenAmount(UsdtOnBsc, 10 * Decimals.PowerOfTen(18));
        session
            .After(
                new CheckoutInput.Included(exact, TransferClass.Counted),
                new CheckoutInput.Finalized(exact, TransferClass.Counted)
            )
            .State.ShouldBe(SessionState.Paid);
    }

    [Fact]
    public void A_token_that_was_not_chosen_is_the_wrong_one_and_is_told()
    {
        var session = Chosen();
        var usdc = new TokenAmount(Usdc, 25_990_000);
        session.Classify(usdc, Created).ShouldBe(TransferClass.Unattributed);
        var seen = session.After(new CheckoutInput.Included(usdc, TransferClass.Unattributed));
        seen.State.ShouldBe(SessionState.Awaiting);
        seen.Exception.ShouldBe(PaymentException.WrongToken);
        seen.After(new CheckoutInput.Orphaned(usdc, TransferClass.Unattributed)).Exception.ShouldBeNull();
    }

    [Fact]
    public void A_token_chosen_before_still_counts_after_another_choice()
    {
        var session = Chosen().After(new CheckoutInput.Chosen(UsdtChoice with { Token = Usdc }));
        session.Chosen!.Token.ShouldBe(Usdc);
        session.Classify(Cents(2599), Created).ShouldBe(TransferClass.Counted);
    }

    [Fact]
    public void Choosing_the_same_again_changes_nothing() =>
        Chosen().Decided(new CheckoutInput.Chosen(UsdtChoice)).Next!.Version.ShouldBe(2);

    [Fact]
    public void Merchant_cancel_expires_as_the_contract_says_and_is_repeatable()
    {
        var decision = Chosen().Decided(new CheckoutInput.CanceledByMerchant());
        decision.Next!.State.ShouldBe(SessionState.Expired);
        decision.Names().ShouldBe(["payment.expired"]);
        decision.Next.Decided(new CheckoutInput.CanceledByMerchant()).Next.ShouldBe(decision.Next);
    }

    [Fact]
    public void PAY_08_a_cancel_is_refused_once_money_confirms()
    {
        var decision = Chosen().After(In(2599)).Decided(new CheckoutInput.CanceledByMerchant());
        decision.Rejection!.Code.ShouldBe(ErrorCode.SessionNotCancelable);
        decision.Next.ShouldBeNull();
    }

    [Fact]
    public void Payer_cancel_is_canceled_and_refused_when_anything_was_seen()
    {
        var decision = Chosen().Decided(new CheckoutInput.CanceledByPayer());
        decision.Next!.State.ShouldBe(SessionState.Canceled);
        decision.Names().ShouldBe(["payment.cancelled"]);
        Chosen()
            .After(In(1))
            .Decided(new CheckoutInput.CanceledByPayer())
            .Rejection!.Code.ShouldBe(ErrorCode.SessionNotCancelable);
    }
}
