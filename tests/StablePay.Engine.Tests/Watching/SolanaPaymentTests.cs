using System.Text.Json.Nodes;
using StablePay.Chains;
using StablePay.Chains.Rpc;
using StablePay.Chains.Solana;
using StablePay.Testing.Nodes;

namespace StablePay.Engine.Tests.Watching;

/// <summary>Sessions paid on Solana; see the base.</summary>
public sealed class SolanaPaymentTests : StubPaymentTest
{
    private const int Final = 31;

    private readonly SolanaStubNode _node;

    public SolanaPaymentTests()
        : this(new SolanaStubNode { FinalizedDistance = Final }) { }

    private SolanaPaymentTests(SolanaStubNode node)
        : base(Networks.Solana, node, node.Chain, Final)
    {
        _node = node;
        foreach (var token in Networks.Solana.Tokens)
            node.Mints[token.Contract] = new StubMint(SolanaPrograms.Token.ToString(), token.Decimals);
    }

    protected override IChain ReaderOf(HttpClient http) =>
        new SolanaChain(Networks.Solana, new JsonRpc(http, [_node.Url], SolanaChain.Limits), _node.GenesisHash);

    protected override StubTransaction Payment(string name, string to, ulong atoms) =>
        SolanaStubNode.Transfer(name, SolanaStubNode.AddressOf("payer"), new StubPayment(Usdt.Contract, to, atoms));

    protected override string HashOf(StubTransaction transaction) => SolanaStubNode.SignatureOf(transaction);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(31)]
    public Task SOL_08_payment_whose_slots_are_dropped_before_they_are_final_is_taken_back(int depth) =>
        IsTakenBackAsync(depth);

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
        var paid = await World.ReadAsync(session);
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
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("processing");
        (await CreditedAsync()).ShouldBe((UInt128.Zero, UInt128.Zero));
        _node.Instead = null;
        await MineAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
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
        await Should.ThrowAsync<NodeException>(() => World.WatchAsync());
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("pending");
        _node.Instead = null;
        for (var i = 0; i <= Final; i++)
            await MineAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
    }

    [Fact]
    public async Task SOL_01_failed_payment_is_none()
    {
        var (session, address) = await SessionAsync(2599);
        await MineAsync(Payment(address, 25_990_000) with { Succeeded = false });
        for (var i = 0; i < Final; i++)
            await MineAsync();
        var open = await World.ReadAsync(session);
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
        (await World.ReadAsync(session)).Transfers.ShouldBeEmpty();
        var aside = await World.Database.Transfers.ListQuarantinedAsync(Networks.Solana.Id, 10, default);
        aside.ShouldHaveSingleItem().Transfer.Reason.ShouldContain("changed hands");
    }

    [Fact]
    public async Task Watcher_that_starts_again_goes_on_over_skipped_slots()
    {
        var (session, address) = await SessionAsync(2599);
        for (var i = 0; i < 5; i++)
            await MineAsync();
        await World.RestartAsync();
        await MineAsync(Payment(address, 25_990_000));
        for (var i = 0; i < Final; i++)
            await MineAsync();
        (await World.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
    }
}
