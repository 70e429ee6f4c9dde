using StablePay.Chains;
using StablePay.Chains.Keys;
using StablePay.Chains.Rpc;
using StablePay.Chains.Solana;
using StablePay.Chains.Tests.Contract;
using StablePay.Core.Checkout;
using StablePay.Core.Errors;
using StablePay.Core.Ids;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Engine.Checkout;
using StablePay.Testing.Nodes;

namespace StablePay.Nodes.Tests;

/// <summary>What the runtime makes of transactions, as our reader sees it, and payments through the production engine.</summary>
public sealed class SolanaNodeTests
{
    [Fact]
    public async Task Payment_that_the_runtime_executes_is_paid_when_finalized()
    {
        await using var rig = await SolanaRig.StartAsync();
        await rig.PaysInTwoPartsAsync(finalAfter: 32);
    }

    [Fact]
    public async Task SOL_01_payment_whose_transaction_failed_later_on_is_none()
    {
        await using var rig = await SolanaRig.StartAsync();
        await using var world = await rig.WorldAsync();
        var (session, address) = await rig.SessionAsync(world);
        await rig.PayAsync(reverted: true, new Payment(rig.TokenOf(0), 25_990_000, address));
        await rig.MineAsync(33);
        await world.WatchAsync();
        var open = await world.ReadAsync(session);
        (open.PaymentStatus, open.Transfers.Count).ShouldBe(("pending", 0));
    }

    [Fact]
    public async Task SOL_03_account_that_was_made_ours_by_name_pays_nothing()
    {
        await using var rig = await SolanaRig.StartAsync();
        await using var world = await rig.WorldAsync();
        var (session, address) = await rig.SessionAsync(world);
        var usdt = rig.TokenOf(0);
        await rig.Node.MakeAsync(usdt, await rig.Node.WalletAsync("attacker"), 25_990_000);
        await rig.MineAsync();
        await rig.Node.GiveAwayAsync(usdt, "attacker", address);
        await rig.Node.PayElsewhereAsync(usdt, address, 25_990_000);
        await rig.MineAsync(33);
        await world.WatchAsync();
        var open = await world.ReadAsync(session);
        (open.PaymentStatus, open.Transfers.Count).ShouldBe(("pending", 0));
        var aside = await world.Database.Transfers.ListQuarantinedAsync(rig.Chain.Network.Id, 10, default);
        aside
            .Select(q => q.Transfer.Reason)
            .Count(r => r.Contains("changed hands", StringComparison.Ordinal))
            .ShouldBe(1);
        aside
            .Select(q => q.Transfer.Reason)
            .Count(r => r.Contains("than the associated", StringComparison.Ordinal))
            .ShouldBe(1);
    }

    [Fact]
    public async Task SOL_04_what_stays_of_money_that_comes_and_goes_is_the_payment()
    {
        await using var rig = await SolanaRig.StartAsync();
        var us = await rig.Node.WalletAsync("us");
        await rig.Node.ThroughAsync(rig.TokenOf(0), "us", 9, 5);
        (await ReadAsync(rig, us)).Transfers.ShouldHaveSingleItem().Amount.Atoms.ShouldBe((UInt128)4);
        await rig.Node.ThroughAsync(rig.TokenOf(0), "us", 5, 5);
        (await ReadAsync(rig, us)).Transfers.ShouldHaveSingleItem().Amount.Atoms.ShouldBe(UInt128.Zero);
    }

    [Fact]
    public async Task SOL_06_account_is_made_by_a_payment_closed_and_made_again()
    {
        await using var rig = await SolanaRig.StartAsync();
        var (us, other) = (await rig.Node.WalletAsync("us"), await rig.Node.WalletAsync("other"));
        var usdt = rig.TokenOf(0);
        await rig.PayAsync(new Payment(usdt, 7, us));
        (await ReadAsync(rig, us)).Transfers.ShouldHaveSingleItem().Amount.Atoms.ShouldBe((UInt128)7);
        await rig.Node.CloseAsync(usdt, "us", other, 7);
        // In one transaction emptied and closed: nobody could tell it from an account that vanished with its money.
        (await ReadAsync(rig, us))
            .Quarantined.ShouldHaveSingleItem()
            .Reason.ShouldContain("closed with 7");
        await rig.PayAsync(new Payment(usdt, 8, us));
        (await ReadAsync(rig, us)).Transfers.ShouldHaveSingleItem().Amount.Atoms.ShouldBe((UInt128)8);
    }

    /// <summary>
    /// The order's money comes in two halves, under the reference of another order and under none; the other order,
    /// whose reference it is, gets nothing.
    /// </summary>
    [Fact]
    public async Task SOL_07_reference_that_is_foreign_or_missing_neither_adds_nor_takes_a_payment()
    {
        await using var rig = await SolanaRig.StartAsync();
        await using var world = await rig.WorldAsync();
        var (session, address) = await rig.SessionAsync(world);
        var (other, otherAddress) = await rig.SessionAsync(world);
        var usdt = rig.TokenOf(0);
        var wallet = await rig.Node.FundAsync("shopper", usdt, 20_000_000);
        await rig.MineAsync();
        var foreign = PaymentReference.Of(SessionId.From(other.Id), usdt, otherAddress);
        var order = new PayerOrder(wallet, address, new(usdt, 20_000_000), foreign, world.Now, world.Now);
        var signature = await SendAsync((IPayerTransfers)rig.Chain, order);
        await rig.PayAsync(new Payment(usdt, 5_990_000, address));
        await rig.MineAsync(33);
        await world.WatchAsync();

        (await rig.Node.AccountsOfAsync(signature)).ShouldContain(Base58.Encode(foreign.Key));
        var paid = await world.ReadAsync(session);
        (paid.PaymentStatus, paid.AmountReceived, paid.Transfers.Count).ShouldBe(("paid", 2599, 2));
        paid.Transfers.ShouldContain(t => t.TransactionHash == signature);
        (await world.ReadAsync(other)).Transfers.ShouldBeEmpty();
    }

    /// <summary>What the runtime says when it is sent again, too late, or with too little money behind it.</summary>
    [Fact]
    public async Task Transfer_of_a_wallet_is_sent_once_and_what_the_runtime_refuses_is_refused()
    {
        await using var rig = await SolanaRig.StartAsync();
        var payers = (IPayerTransfers)rig.Chain;
        var usdt = rig.TokenOf(0);
        var wallet = await rig.Node.FundAsync("shopper", usdt, 7);
        await rig.MineAsync();
        var us = rig.AddressOf(0);
        var reference = PaymentReference.Of(new SessionId("sess_1"), usdt, us);
        var order = new PayerOrder(wallet, us, new(usdt, 7), reference, default, default);
        var signed = await SignedAsync(payers, order);
        var first = (await payers.SendAsync(order, signed, default)).Value;
        (await payers.SendAsync(order, signed, default)).Value.ShouldBe(first);
        (await ReadAsync(rig, us)).Transfers.ShouldHaveSingleItem().TransactionHash.ShouldBe(first);

        var more = order with { Amount = new(usdt, 8) };
        var refused = await payers.SendAsync(more, await SignedAsync(payers, more), default);
        (refused.Rejection?.Code, refused.Rejection?.Param).ShouldBe((ErrorCode.ParameterInvalid, "transaction"));
        var made = Convert.FromBase64String((await payers.MakeAsync(order, default)).Value);
        made.AsSpan(made.Length - BehindBlockhash - 32, 32).Fill(7);
        refused = await payers.SendAsync(order, Sign(made), default);
        refused.Rejection.ShouldNotBeNull().Message.ShouldContain("too late");
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(0, true)]
    [InlineData(1, false)]
    public async Task SOL_10_payments_of_every_version_are_found_with_and_without_a_lookup_table(
        int version,
        bool lookup
    )
    {
        await using var rig = await SolanaRig.StartAsync();
        var signature = await rig.Node.PayAsync(
            [
                new(rig.TokenOf(0), 5, rig.AddressOf(0)),
                new(rig.TokenOf(1), 6, rig.AddressOf(1)),
                new(rig.TokenOf(0), 7, rig.AddressOf(2)),
            ],
            version: version,
            lookup: lookup
        );
        var read = await ReadAsync(rig, rig.AddressOf(0), rig.AddressOf(1));
        read.Transfers.Select(t => (t.TransactionHash, $"{t.Token.Asset}", (int)t.Amount.Atoms, t.To))
            .ShouldBe(
                [(signature, "USDT", 5, rig.AddressOf(0)), (signature, "USDC", 6, rig.AddressOf(1))],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task SOL_05_TOK_16_probe_reads_the_mints_that_the_runtime_has()
    {
        await using var rig = await SolanaRig.StartAsync();
        await rig.Chain.ProbeAsync(default);
        var wrong = rig.Chain.Network with { Tokens = [rig.TokenOf(0) with { Decimals = 9 }] };
        (await RefusalAsync(rig, wrong)).ShouldContain("has 6 decimals");
        var mint = rig.AddressOf(7);
        var other = rig.Chain.Network with { Tokens = [rig.TokenOf(0) with { Contract = mint }] };
        (await RefusalAsync(rig, other)).ShouldContain("does not exist");
        await rig.Node.MintAsync(mint, 6, SolanaPrograms.Token2022.ToString());
        (await RefusalAsync(rig, other)).ShouldContain("is of Token-2022");
    }

    private static async Task<string> RefusalAsync(SolanaRig rig, Network network)
    {
        using var http = new HttpClient();
        var chain = new SolanaChain(network, new JsonRpc(http, [rig.Node.Url], SolanaChain.Limits), null);
        return (await Should.ThrowAsync<WrongNetworkException>(() => chain.ProbeAsync(default))).Message;
    }

    /// <summary>Mines what was sent and reads the block.</summary>
    private static async Task<BlockTransfers> ReadAsync(SolanaRig rig, params string[] ours)
    {
        await rig.MineAsync();
        var header = await rig.Chain.HeaderAtAsync(await rig.Chain.HeadAsync(default), default);
        return await rig.Chain.TransfersAsync(header!, new Ours(rig.Chain, ours), default);
    }

    /// <summary>Instructions of a transfer: their number, then 8 and 2 bytes, then 7 and 11.</summary>
    private const int BehindBlockhash = 1 + 8 + 2 + 7 + 11;

    private static async Task<string> SendAsync(IPayerTransfers payers, PayerOrder order) =>
        (await payers.SendAsync(order, await SignedAsync(payers, order), default)).Value;

    private static async Task<string> SignedAsync(IPayerTransfers payers, PayerOrder order) =>
        Sign(Convert.FromBase64String((await payers.MakeAsync(order, default)).Value));

    /// <summary>As the shopper's wallet signs.</summary>
    private static string Sign(byte[] made)
    {
        Ed25519.Sign(SolanaNode.KeyOf("shopper"), made.AsSpan(1 + Ed25519.SignatureLength)).CopyTo(made, index: 1);
        return Convert.ToBase64String(made);
    }
}
