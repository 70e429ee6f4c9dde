using StablePay.Core.Tests.Money;
using static StablePay.Core.Tests.Checkout.Sessions;

namespace StablePay.Core.Tests.Checkout;

/// <summary>Payments that have locked a coin at less than a dollar: USDT at 0.87; USDC counts as a dollar.</summary>
public sealed class PricedCheckoutTests
{
    private static readonly Choice UsdcChoice = UsdtChoice with { Token = Usdc };

    [Fact]
    public void TOK_21_priced_coin_pays_by_its_price_and_a_cent_less_does_not()
    {
        var session = Priced();
        var asked = session.Quote.AskFor(session.Remaining, Usdt);
        asked.ToPlainText().ShouldBe("29.88");
        // 25.99 of the coin are not 25.99.
        session.After(In(2599)).State.ShouldBe(SessionState.Underpaid);
        var less = session.Decided(In(2987)).Next!;
        (less.State, less.Remaining).ShouldBe((SessionState.Underpaid, new Coverage(3_100_000_000_000_000)));
        var paid = session.After(In(2988)).Decided(Final(2988));
        paid.Next!.State.ShouldBe(SessionState.Paid);
        // Neither too much by the cent that was rounded up, nor short of anything.
        paid.Names().ShouldBe(["payment.completed"]);
        (paid.Next.Exception, paid.Entries.Count).ShouldBe((null, 0));
    }

    [Fact]
    public void TOK_21_what_is_missing_after_a_part_can_be_sent_in_either_coin()
    {
        var part = Priced().After(In(2000), new CheckoutInput.Chosen(UsdcChoice));
        part.Included.ShouldBe(Coverage.FromCents(1740));
        part.Quote.AskFor(part.Remaining, Usdt).ToPlainText().ShouldBe("9.88");
        part.Quote.AskFor(part.Remaining, Usdc).ToPlainText().ShouldBe("8.59");
        var rest = new TokenAmount(Usdc, 8_590_000);
        var paid = part.After(
            new CheckoutInput.Included(rest, TransferClass.Counted),
            Final(2000),
            new CheckoutInput.Finalized(rest, TransferClass.Counted)
        );
        (paid.State, paid.Final).ShouldBe((SessionState.Paid, Coverage.FromCents(2599)));
    }

    [Fact]
    public void TOK_21_block_that_goes_takes_back_what_it_brought_and_no_more()
    {
        var odd = new TokenAmount(UsdtOnBsc, 12_345_678_901_234_567_891);
        var session = Priced().After(new CheckoutInput.Chosen(UsdtChoice with { Token = UsdtOnBsc }));
        var seen = session.After(
            new CheckoutInput.Included(odd, TransferClass.Counted),
            new CheckoutInput.Accepted(odd)
        );
        seen.Included.Value.ShouldBe((UInt128)10_740_740_644_074_074_065);
        seen.Accepted.ShouldBe(seen.Included);
        var gone = seen.After(new CheckoutInput.Orphaned(odd, TransferClass.Counted, WasAccepted: true));
        (gone.Included, gone.Accepted, gone.State).ShouldBe((Coverage.Zero, Coverage.Zero, SessionState.Awaiting));
    }

    [Fact]
    public void TOK_21_too_much_and_too_late_are_what_they_are_worth()
    {
        var over = Priced().After(In(4000), Final(4000));
        over.Surplus.ShouldBe(Coverage.FromCents(3480 - 2599));
        over.Exception.ShouldBe(PaymentException.Overpaid);
        over.Quote.ShownIn(over.Surplus, Usdt).ToPlainText().ShouldBe("10.12");
        var late = Priced()
            .After(new CheckoutInput.TimeOver(), new CheckoutInput.Finalized(Cents(1000), TransferClass.Late));
        late.Late.ShouldBe(Coverage.FromCents(870));
    }

    /// <summary>What was short is written in the coin that was short: with it the payment is whole, with less not.</summary>
    [Fact]
    public void PAY_02_shortage_of_a_priced_coin_is_the_least_of_it_that_was_missing() =>
        Gen.Select(Gen.Long[100, 10_000_000], Gen.Int[1, 1_000], Gen.Long[500, 9_999], Gen.Int[0, 1])
            .Sample(
                (cents, tolerance, price, which) =>
                {
                    var token = which == 0 ? Usdt : UsdtOnBsc;
                    var session = Priced(cents, tolerance, price)
                        .After(new CheckoutInput.Chosen(UsdtChoice with { Token = token }));
                    var paid = session.Quote.LeastFor(session.Required, token);
                    var settled = session
                        .After(new CheckoutInput.Included(paid, TransferClass.Counted))
                        .Decided(new CheckoutInput.Finalized(paid, TransferClass.Counted));
                    settled.Next!.State.ShouldBe(SessionState.Paid);
                    var due = session.Quote.Due;
                    if (settled.Next.Final >= due)
                    {
                        settled.Entries.ShouldBeEmpty();
                        return;
                    }
                    var postings = settled.Entries.Single().Postings;
                    var shortage = postings.Single(p => p.Side == Side.Debit).Amount;
                    postings.Single(p => p.Side == Side.Credit).Amount.ShouldBe(shortage);
                    shortage.Token.ShouldBe(token);
                    var whole = settled.Next.Final + session.Quote.WorthOf(shortage);
                    whole.ShouldBeGreaterThanOrEqualTo(due);
                    var less = settled.Next.Final + session.Quote.WorthOf(shortage with { Atoms = shortage.Atoms - 1 });
                    less.ShouldBeLessThan(due);
                },
                iter: Draws.Times(20_000)
            );

    private static CheckoutSession Priced(long cents = 2599, int tolerance = 0, long price = 8_700) =>
        WithPrice(New(cents, tolerance), price).After(new CheckoutInput.Chosen(UsdtChoice));

    private static CheckoutSession WithPrice(CheckoutSession session, long price) =>
        session with
        {
            Quote = session.Quote with { Prices = [new AssetPrice(Asset.Usdt, Rate.From(price, 10_000))] },
        };
}
