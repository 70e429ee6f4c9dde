using StablePay.Chains;
using StablePay.Core.Errors;
using StablePay.Engine.Checkout;
using StablePay.Engine.Paying;
using StablePay.Engine.Rates.Pegs;
using StablePay.Engine.Tests.Rates;
using StablePay.Engine.Tests.Watching;

namespace StablePay.Engine.Tests.Paying;

/// <summary>What a payer's wallet is asked to sign on the networks where we make the transaction (TRON, Solana).</summary>
public sealed class PayerTransferTests : PegTest
{
    [Fact]
    public async Task TOK_21_wallet_is_asked_for_what_is_missing_at_the_locked_price_of_the_coin()
    {
        await using var world = await WorldAsync(BelowPeg.Requote);
        await SayAsync(world, "0.87", "0.8712", "1");
        var session = await OpenAsync(world);
        var (wallet, id) = (new Wallet(), SessionId.From(session.Id));

        (await ChooseAsync(world, session, Asset.Usdc)).ShouldBeNull();
        (await wallet.Of(world).MakeAsync(id, "payer", default)).Value.ShouldBe("unsigned");
        var whole = wallet.Orders[^1];
        (whole.Payer, whole.Amount.ToPlainText()).ShouldBe(("payer", "29.84"));
        (await wallet.Of(world).SendAsync(id, "payer", "signed", default)).Value.ShouldBe("signed");
        // What is sent is checked against the same order.
        wallet.Orders[^1].ToString().ShouldBe(whole.ToString());
        wallet.Orders.Count.ShouldBe(2);

        await PayAsync(world, session, "25.99");
        (await wallet.Of(world).MakeAsync(id, "payer", default)).IsOk.ShouldBeTrue();
        wallet.Orders[^1].Amount.ToPlainText().ShouldBe("3.85");
        // The rest in a coin that is worth its dollar, to the last atom: 25.99 less what 25.99 coins at 0.8712 are worth.
        (await ChooseAsync(world, session, Asset.Usdt)).ShouldBeNull();
        (await wallet.Of(world).MakeAsync(id, "payer", default)).IsOk.ShouldBeTrue();
        wallet.Orders[^1].Amount.ToPlainText().ShouldBe("3.347512");
    }

    [Fact]
    public async Task Transfer_ends_with_its_payment_and_after_ten_minutes_at_the_latest()
    {
        await using var world = await WorldAsync(BelowPeg.Warn);
        var session = await OpenAsync(world);
        var (wallet, id) = (new Wallet(), SessionId.From(session.Id));
        (await ChooseAsync(world, session, Asset.Usdc)).ShouldBeNull();
        var ends = (await PageAsync(world, session)).ExpiresAt;

        (await wallet.Of(world).MakeAsync(id, "payer", default)).IsOk.ShouldBeTrue();
        (wallet.Orders[^1].Now, wallet.Orders[^1].Until).ShouldBe((world.Now, world.Now + TimeSpan.FromMinutes(10)));
        world.Clock.Advance(ends - world.Now - TimeSpan.FromSeconds(1));
        (await wallet.Of(world).MakeAsync(id, "payer", default)).IsOk.ShouldBeTrue();
        wallet.Orders[^1].Until.ShouldBe(ends);
        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await RefusedAsync(world, wallet, id);
    }

    [Fact]
    public async Task Nothing_is_made_without_a_choice_or_for_what_is_paid_or_unknown()
    {
        await using var world = await WorldAsync(BelowPeg.Warn);
        var session = await OpenAsync(world);
        var (wallet, id) = (new Wallet(), SessionId.From(session.Id));
        await RefusedAsync(world, wallet, id);
        await RefusedAsync(world, wallet, new SessionId("sess_unknown"));
        (await ChooseAsync(world, session, Asset.Usdc)).ShouldBeNull();
        await PayAsync(world, session, "25.99");
        (await world.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
        await RefusedAsync(world, wallet, id);
    }

    [Fact]
    public async Task Without_a_node_that_answers_the_payer_is_told_so()
    {
        await using var world = await WorldAsync(BelowPeg.Warn);
        var session = await OpenAsync(world);
        (await ChooseAsync(world, session, Asset.Usdc)).ShouldBeNull();
        var transfers = new Wallet { IsCutOff = true }.Of(world);
        var id = SessionId.From(session.Id);
        (await transfers.MakeAsync(id, "payer", default)).Rejection!.Code.ShouldBe(ErrorCode.NetworkUnavailable);
        (await transfers.SendAsync(id, "payer", "signed", default)).Rejection!.Code.ShouldBe(
            ErrorCode.NetworkUnavailable
        );
    }

    private static async Task RefusedAsync(PaymentWorld world, Wallet wallet, SessionId id)
    {
        var made = wallet.Orders.Count;
        foreach (
            var answer in (Result<string>[])
                [
                    await wallet.Of(world).MakeAsync(id, "payer", default),
                    await wallet.Of(world).SendAsync(id, "payer", "signed", default),
                ]
        )
            answer.Rejection!.Code.ShouldBe(ErrorCode.ResourceNotFound);
        wallet.Orders.Count.ShouldBe(made);
    }

    /// <summary>A fake of the network's transactions: keeps what it is asked for.</summary>
    private sealed class Wallet : IPayerTransfers
    {
        public List<PayerOrder> Orders { get; } = [];

        public bool IsCutOff { get; init; }

        public PayerTransfers Of(PaymentWorld world) =>
            new(world.Database, new Dictionary<NetworkId, IPayerTransfers> { [Id] = this }, world.Clock);

        public Task<Result<string>> MakeAsync(PayerOrder order, CancellationToken ct) => Keep(order, "unsigned");

        public Task<Result<string>> SendAsync(PayerOrder order, string signed, CancellationToken ct) =>
            Keep(order, signed);

        private Task<Result<string>> Keep(PayerOrder order, string answer)
        {
            if (IsCutOff)
                throw new NodeException(NodeFault.Unavailable, "no node");
            Orders.Add(order);
            return Task.FromResult<Result<string>>(answer);
        }
    }
}
