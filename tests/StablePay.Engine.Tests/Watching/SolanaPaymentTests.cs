using System.Text.Json.Nodes;
using StablePay.Chains;
using StablePay.Chains.Rpc;
using StablePay.Chains.Solana;
using StablePay.Core.Ledger;
using StablePay.Engine.Checkout;
using StablePay.Testing.Nodes;

namespace StablePay.Engine.Tests.Watching;

/// <summary>
/// Sessions paid on Solana through the production engine, while its node does what a test scripted. The node is a stub;
/// the same on the runtime is in the tests of nodes.
/// </summary>
public sealed class SolanaPaymentTests : IAsyncLifetime
{
    private const int Final = 31;

    private static readonly Token Usdt = Networks.Solana.Tokens[0];

    private readonly SolanaStubNode _node = new() { FinalizedDistance = Final };
    private readonly HttpClient _http = new();
    private PaymentWorld _world = null!;
    private int _sent;

    public async ValueTask InitializeAsync()
    {
        foreach (var token in Networks.Solana.Tokens)
            _node.Mints[token.Contract] = new StubMint(SolanaPrograms.Token.ToString(), token.Decimals);
        for (var i = 0; i < 3; i++)
            _node.Chain.Mine();
        var rpc = new JsonRpc(_http, [_node.Url], SolanaChain.Limits);
        _world = await PaymentWorld.StartAsync(
            new WorldOptions((_, _, _) => [new SolanaChain(Networks.Solana, rpc, _node.GenesisHash)])
            {
                Start = DateTimeOffset.FromUnixTimeSeconds(_node.Chain.Tip.Time),
            }
        );
        await _world.WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _world.DisposeAsync();
        await _node.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task Exact_payment_is_seen_then_paid_when_finalized_and_credited_once()
    {
        var (session, address) = await SessionAsync(2599);
        var payment = Payment(address, 25_990_000);
        await MineAsync(payment);
        var seen = await _world.ReadAsync(session);
        (seen.PaymentStatus, seen.AmountReceived, seen.AmountRemaining).ShouldBe(("processing", 2599, 0));
        seen.Transfers.Single().TransactionHash.ShouldBe(SolanaStubNode.SignatureOf(payment));

        for (var i = 0; i < Final - 1; i++)
            await MineAsync();
        (await _world.ReadAsync(session)).PaymentStatus.ShouldBe("processing");
        await MineAsync();

        (await _world.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
        (await _world.EventsAsync(true)).ShouldBe(["payment.processing", "payment.completed"]);
        (await CreditedAsync()).ShouldBe(((UInt128)25_990_000, UInt128.Zero));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(31)]
    public async Task SOL_08_payment_whose_slots_are_dropped_before_they_are_final_is_taken_back(int depth)
    {
        var (session, address) = await SessionAsync(2599);
        await MineAsync(Payment(address, 25_990_000));
        for (var i = 1; i < depth; i++)
            await MineAsync();
        _node.Chain.Cut(depth);
        for (var i = 0; i <= depth; i++)
            await MineAsync();

        var open = await _world.ReadAsync(session);
        (open.PaymentStatus, open.AmountReceived, open.Transfers.Single().Status).ShouldBe(("pending", 0, "orphaned"));
        (await _world.EventsAsync(true)).ShouldBe(["payment.processing", "payment.reversed"]);
        (await CreditedAsync()).ShouldBe((UInt128.Zero, UInt128.Zero));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(31)]
    public async Task SOL_08_payment_that_comes_again_in_another_slot_is_one_payment(int depth)
    {
        var (session, address) = await SessionAsync(2599);
        var payment = Payment(address, 25_990_000);
        await MineAsync(payment);
        for (var i = 1; i < depth; i++)
            await MineAsync();
        _node.Chain.Cut(depth);
        // The new branch is in other slots, where the old one skipped.
        var slots = _node.SlotOf;
        var from = _node.Chain.Blocks.Count;
        _node.SlotOf = height => slots(height) + (height >= from ? 1 : 0);
        await MineAsync();
        await MineAsync(payment);
        for (var i = 0; i <= Final; i++)
            await MineAsync();
        var paid = await _world.ReadAsync(session);
        (paid.PaymentStatus, paid.Transfers.Count).ShouldBe(("paid", 1));
        (await CreditedAsync()).ShouldBe(((UInt128)25_990_000, UInt128.Zero));
    }

    [Fact]
    public async Task SOL_08_final_slot_that_our_branch_skipped_makes_nothing_of_our_branch_final()
    {
        var (session, address) = await SessionAsync(2599);
        await MineAsync(Payment(address, 25_990_000));
        for (var i = 0; i < Final - 1; i++)
            await MineAsync();
        // The node's finalized block is one that our branch knows nothing of, in a slot that it has skipped.
        var other = _node.SlotOf(4);
        while (Enumerable.Range(0, 40).Any(h => _node.SlotOf(h) == other))
            other++;
        _node.Instead = call =>
            call.Method switch
            {
                "getSlot" when call.Parameters[0]!["commitment"]!.GetValue<string>() == "finalized" =>
                    StubAnswer.Result(call, other),
                "getBlock" when call.Parameters[0]!.GetValue<long>() == other => StubAnswer.Result(
                    call,
                    JsonNode.Parse(
                        $$"""
                        {"blockTime":1800000048,"blockhash":"{{SolanaStubNode.AddressOf("another branch")}}",
                         "parentSlot":{{other - 1}},"previousBlockhash":"{{SolanaStubNode.AddressOf("its parent")}}",
                         "transactions":[]}
                        """
                    )
                ),
                _ => null,
            };
        await MineAsync();
        (await _world.ReadAsync(session)).PaymentStatus.ShouldBe("processing");
        (await CreditedAsync()).ShouldBe((UInt128.Zero, UInt128.Zero));
        _node.Instead = null;
        await MineAsync();
        (await _world.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
    }

    [Fact]
    public async Task SOL_09_SOL_11_payment_in_a_slot_that_a_node_lost_for_a_while_is_found()
    {
        var (session, address) = await SessionAsync(2599);
        _node.Chain.Mine(Payment(address, 25_990_000));
        var lost = _node.SlotOf(_node.Chain.Tip.Height);
        _node.Chain.Mine();
        _node.Instead = call =>
            call.Method switch
            {
                "getBlock" when call.Parameters[0]!.GetValue<long>() == lost => StubAnswer.Error(
                    call,
                    -32009,
                    $"Slot {lost} was skipped, or missing in long-term storage"
                ),
                "getBlocks" => StubAnswer.Result(call, new JsonArray(_node.SlotOf(_node.Chain.Tip.Height))),
                _ => null,
            };
        await Should.ThrowAsync<NodeException>(() => _world.WatchAsync());
        (await _world.ReadAsync(session)).PaymentStatus.ShouldBe("pending");
        _node.Instead = null;
        for (var i = 0; i <= Final; i++)
            await MineAsync();
        (await _world.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
    }

    [Fact]
    public async Task SOL_01_failed_payment_is_none()
    {
        var (session, address) = await SessionAsync(2599);
        await MineAsync(Payment(address, 25_990_000) with { Succeeded = false });
        for (var i = 0; i < Final; i++)
            await MineAsync();
        var open = await _world.ReadAsync(session);
        (open.PaymentStatus, open.Transfers.Count).ShouldBe(("pending", 0));
    }

    [Fact]
    public async Task SOL_03_what_is_set_aside_is_kept_and_credits_nothing()
    {
        var (session, address) = await SessionAsync(2599);
        await MineAsync(
            SolanaStubNode.Transaction(
                "set authority",
                0,
                StubBalance.Of(SolanaStubNode.AddressOf("attacker"), Usdt.Contract, 25_990_000, 25_990_000) with
                {
                    NewOwner = address,
                }
            )
        );
        (await _world.ReadAsync(session)).Transfers.ShouldBeEmpty();
        var aside = await _world.Database.Transfers.ListQuarantinedAsync(Networks.Solana.Id, 10, default);
        aside.ShouldHaveSingleItem().Transfer.Reason.ShouldContain("changed hands");
    }

    [Fact]
    public async Task Watcher_that_starts_again_goes_on_over_skipped_slots()
    {
        var (session, address) = await SessionAsync(2599);
        for (var i = 0; i < 5; i++)
            await MineAsync();
        await _world.RestartAsync();
        await MineAsync(Payment(address, 25_990_000));
        for (var i = 0; i < Final; i++)
            await MineAsync();
        (await _world.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
    }

    private async Task<(UInt128 Credits, UInt128 Debits)> CreditedAsync()
    {
        var balance = await _world.Database.Ledger.BalanceAsync(
            LedgerAccount.StoreBalance(_world.Store.Store.Id),
            Usdt,
            CancellationToken.None
        );
        return (balance.Credits, balance.Debits);
    }

    private async Task<(SessionView Session, string Address)> SessionAsync(long cents)
    {
        var session = await _world.OpenSessionAsync(cents, live: true);
        return (session, (await _world.ChooseAsync(session, Networks.Solana.Id, Asset.Usdt)).Chosen!.Address);
    }

    private StubTransaction Payment(string to, ulong atoms) =>
        SolanaStubNode.Transfer(
            $"sent {++_sent}",
            SolanaStubNode.AddressOf("payer"),
            new StubPayment(Usdt.Contract, to, atoms)
        );

    private async Task MineAsync(params IReadOnlyList<StubTransaction> transactions)
    {
        _node.Chain.Mine(transactions);
        await _world.WatchAsync();
    }
}
