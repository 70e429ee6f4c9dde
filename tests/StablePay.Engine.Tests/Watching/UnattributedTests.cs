using StablePay.Core.Ledger;
using StablePay.Engine.Checkout;

namespace StablePay.Engine.Tests.Watching;

/// <summary>
/// Money that came to an address of ours in another way than its payer was shown: another network that shares the
/// address, or another token. Two simulated EVM networks.
/// </summary>
public sealed class UnattributedTests() : SimPaymentTest(new FinalityRule.Depth(12))
{
    private static readonly NetworkId Other = new("eip155:31338");

    private readonly SimChain _other = ChainOf(Other, new FinalityRule.Depth(12));

    protected override IReadOnlyList<SimChain> MoreChains => [_other];

    [Fact]
    public async Task TOK_19_money_on_another_network_is_found_kept_with_its_session_and_credits_nothing()
    {
        var (session, address) = await SessionAsync(2599);
        _other.Mine(Elsewhere(address, 2599));
        await World.WatchAsync();
        var seen = await World.ReadAsync(session);
        (seen.PaymentStatus, seen.Exception, seen.AmountReceived).ShouldBe(("pending", "wrong_token", 0));
        var transfer = seen.Transfers.ShouldHaveSingleItem();
        (transfer.Network, transfer.Token, transfer.Class, transfer.Amount).ShouldBe(
            (Other.Value, "USDT", "unattributed", 2599)
        );

        _other.MineEmpty(11);
        await World.WatchAsync();
        (await World.ReadAsync(session)).Transfers.Single().Status.ShouldBe("final");
        (await CreditedAsync()).ShouldBe((UInt128)0);
        (await SuspenseAsync(_other.Network.Tokens[0])).ShouldBe((UInt128)25_990_000);
    }

    [Fact]
    public async Task TOK_19_session_that_is_shown_both_networks_counts_money_on_either()
    {
        var (session, address) = await SessionAsync(2599);
        (await World.ChooseAsync(session, Other, Asset.Usdt)).Chosen!.Address.ShouldBe(address);
        _other.Mine(Elsewhere(address, 2599));
        await World.WatchAsync();
        _other.MineEmpty(11);
        await World.WatchAsync();
        (await StatusAsync(session)).ShouldBe("paid");
    }

    [Fact]
    public async Task TOK_19_another_known_token_is_found_and_kept_with_its_session()
    {
        var (session, address) = await SessionAsync(2599);
        Chain.Mine(new SimTransfer(Chain.Network.Tokens[1], 7 * Decimals.PowerOfTen(18), address, Payer));
        await MineAsync(12);
        var seen = await World.ReadAsync(session);
        (seen.PaymentStatus, seen.Exception).ShouldBe(("pending", "wrong_token"));
        seen.Transfers.ShouldHaveSingleItem().Class.ShouldBe("unattributed");
        (await SuspenseAsync(Chain.Network.Tokens[1])).ShouldBe(7 * Decimals.PowerOfTen(18));
    }

    [Fact]
    public async Task TOK_19_money_on_another_network_is_found_after_a_restart_too()
    {
        var (session, address) = await SessionAsync(2599);
        await World.RestartAsync();
        _other.Mine(Elsewhere(address, 2599));
        await World.WatchAsync();
        (await World.ReadAsync(session)).Transfers.ShouldHaveSingleItem().Network.ShouldBe(Other.Value);
    }

    [Fact]
    public async Task TOK_07_move_between_our_addresses_is_internal_on_every_network_that_shares_them()
    {
        var (one, from) = await SessionAsync(2599);
        var (two, to) = await SessionAsync(2599);
        _other.Mine(Elsewhere(to, 2599) with { From = from });
        await World.WatchAsync();
        foreach (SessionView session in (SessionView[])[one, two])
            (await World.ReadAsync(session)).Transfers.ShouldBeEmpty();
    }

    private SimTransfer Elsewhere(string to, long cents) =>
        Transfer(to, cents) with
        {
            Token = _other.Network.Tokens[0],
        };

    private async Task<UInt128> SuspenseAsync(Token token) =>
        (
            await World.Database.Ledger.BalanceAsync(LedgerAccount.StoreSuspense(World.Store.Store.Id), token, default)
        ).Credits;
}
