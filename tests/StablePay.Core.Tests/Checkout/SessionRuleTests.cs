using static StablePay.Core.Tests.Checkout.Sessions;

namespace StablePay.Core.Tests.Checkout;

/// <summary>What a session says of itself, at the edges of its rules.</summary>
public sealed class SessionRuleTests
{
    [Theory]
    [InlineData(SessionState.Awaiting, "pending")]
    [InlineData(SessionState.Underpaid, "pending")]
    [InlineData(SessionState.Confirming, "processing")]
    [InlineData(SessionState.Frozen, "frozen")]
    [InlineData(SessionState.Paid, "paid")]
    [InlineData(SessionState.Expired, "expired")]
    [InlineData(SessionState.Canceled, "canceled")]
    [InlineData(SessionState.Failed, "failed")]
    public void State_has_the_contracts_word(SessionState state, string word) => state.PaymentStatus.ShouldBe(word);

    [Theory]
    [InlineData(PaymentException.Underpaid, "underpaid")]
    [InlineData(PaymentException.Overpaid, "overpaid")]
    [InlineData(PaymentException.PaidLate, "paid_late")]
    [InlineData(PaymentException.WrongToken, "wrong_token")]
    public void Exception_has_the_contracts_word(PaymentException exception, string word) =>
        exception.WireName.ShouldBe(word);

    [Fact]
    public void New_session_ends_by_a_job_of_its_own()
    {
        var session = New();
        var job = CheckoutMachine.Open(session).Jobs.ShouldHaveSingleItem();
        (job.UniqueKey, job.DueAt).ShouldBe(($"expire:{session.Id}", session.ExpiresAt));
    }

    [Fact]
    public void Coin_is_chosen_until_the_end_and_not_at_it()
    {
        var chosen = new CheckoutInput.Chosen(UsdtChoice);
        New().Decided(chosen, Ends - TimeSpan.FromMilliseconds(1)).Rejection.ShouldBeNull();
        var late = New().Decided(chosen, Ends);
        late.Rejection!.Code.ShouldBe(ErrorCode.ParameterInvalid);
        late.Rejection.Message.ShouldBe("The payment no longer takes a choice of coin.");
    }

    [Fact]
    public void Refused_cancellation_says_where_the_payment_stands()
    {
        var confirming = Chosen().After(In(2599));
        confirming
            .Decided(new CheckoutInput.CanceledByMerchant())
            .Rejection!.Message.ShouldBe("The session is processing.");
        confirming
            .Decided(new CheckoutInput.CanceledByPayer())
            .Rejection!.Message.ShouldBe("Money for this payment has been seen.");
    }

    [Fact]
    public void Choice_that_was_never_shown_is_taken_out_alone_and_as_a_change()
    {
        var other = new Choice(Usdc, "0x0000000000000000000000000000000000000001", 8);
        var both = Chosen().After(new CheckoutInput.Chosen(other));
        var without = both.Without(Usdc);
        without.Choices.ShouldBe([UsdtChoice]);
        without.Version.ShouldBe(both.Version + 1);
        both.Without(UsdtOnBsc).ShouldBeSameAs(both);
    }

    [Fact]
    public void Money_that_came_late_is_told_of_a_session_that_ended_and_of_one_that_is_paid_but_not_without_any()
    {
        var late = Coverage.FromCents(100);
        (New() with { State = SessionState.Expired }).Exception.ShouldBeNull();
        (New() with { State = SessionState.Expired, Late = late }).Exception.ShouldBe(PaymentException.PaidLate);
        var paid = Chosen().After(In(2599), Final(2599));
        paid.Exception.ShouldBeNull();
        (paid with { Late = late }).Exception.ShouldBe(PaymentException.PaidLate);
        // What is graver comes first: a wrong coin before a late one where the session is paid, after it where it is not.
        (paid with { Late = late, UnattributedTransfers = 1 }).Exception.ShouldBe(PaymentException.WrongToken);
        (New() with { State = SessionState.Expired, Late = late, UnattributedTransfers = 1 }).Exception.ShouldBe(
            PaymentException.PaidLate
        );
    }

    [Fact]
    public void Session_is_underpaid_below_what_is_required_and_not_at_it()
    {
        var all = Coverage.FromCents(2599);
        (Chosen() with { Included = all }).Exception.ShouldBeNull();
        (Chosen() with { Included = all - new Coverage(1) }).Exception.ShouldBe(PaymentException.Underpaid);
        Chosen().Exception.ShouldBeNull();
    }

    [Fact]
    public void PAY_03_surplus_is_of_a_paid_session_alone()
    {
        var final = Coverage.FromCents(3000);
        (Chosen() with { State = SessionState.Paid, Final = final }).Surplus.ShouldBe(Coverage.FromCents(401));
        (Chosen() with { State = SessionState.Expired, Final = final }).Surplus.ShouldBe(Coverage.Zero);
    }

    [Fact]
    public void What_is_final_is_accepted_and_what_is_accepted_is_in_a_block()
    {
        const string rule = "what is final is accepted, and what is accepted is included";
        Should.Throw<InvariantBrokenException>(() => Chosen().Decided(Taken(1))).Message.ShouldContain(rule);
        Should
            .Throw<InvariantBrokenException>(() => Chosen().After(In(2599)).Decided(TakenFinal(2599)))
            .Message.ShouldContain(rule);
    }

    [Theory]
    [InlineData(TransferClass.Late)]
    [InlineData(TransferClass.Dust)]
    [InlineData(TransferClass.Internal)]
    public void Transfer_that_does_not_count_changes_no_sum_when_its_block_goes(TransferClass @class)
    {
        var before = Chosen().After(In(1000));
        var after = before.Decided(new CheckoutInput.Orphaned(Cents(500), @class));
        after.Next!.ShouldBe(before with { Version = before.Version + 1 });
        after.Names().ShouldBeEmpty();
    }

    [Theory]
    [InlineData(TransferClass.Unattributed)]
    [InlineData(TransferClass.Dust)]
    [InlineData(TransferClass.Internal)]
    public void Transfer_that_does_not_count_credits_nothing_when_it_is_final(TransferClass @class)
    {
        var before = Chosen().After(In(1000));
        var after = before.Decided(new CheckoutInput.Finalized(Cents(500), @class));
        after.Next!.ShouldBe(before with { Version = before.Version + 1 });
        after.Names().ShouldBeEmpty();
    }
}
