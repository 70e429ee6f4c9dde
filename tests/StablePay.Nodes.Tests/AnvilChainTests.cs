using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tests.Contract;
using StablePay.Core.Money;
using StablePay.Core.Networks;

namespace StablePay.Nodes.Tests;

/// <summary>The EVM reader on a real node keeps the promises of every chain.</summary>
public sealed class AnvilChainTests : ChainContract
{
    protected override async Task<ChainRig> OpenAsync() => await AnvilRig.StartAsync();

    [Fact]
    public async Task TOK_03_collectible_with_the_same_event_is_quarantined_by_a_reader_of_a_real_node()
    {
        await using var rig = await AnvilRig.StartAsync();
        var collectible = await TestToken.DeployCollectibleAsync(rig.Node);
        var (chain, token) = rig.Reader(("USDT", collectible.Address, 6));
        var ours = new Ours(chain, rig.AddressOf(0));
        await collectible.GiveAsync(rig.AddressOf(0), 41);
        await rig.MineAsync();
        var found = await ReadTipAsync(chain, ours);
        found.Transfers.ShouldBeEmpty(token.ToString());
        found.Quarantined.ShouldHaveSingleItem().Position.ShouldBe(0);
    }

    [Fact]
    public async Task TOK_14_real_contract_is_asked_whether_it_moves_and_whose_code_it_runs()
    {
        await using var rig = await AnvilRig.StartAsync();
        var issued = await TestToken.DeployIssuedAsync(rig.Node, "Tether USD", "USDT", 6);
        var (chain, _) = rig.Reader(("USDT", issued.Address, 6));
        var at = (await chain.ReadTokensAsync(default)).Single();
        (at.IsPaused, at.IsDeprecated, at.FeeBasisPoints, at.Implementation).ShouldBe((false, false, 0UL, ""));

        await issued.SetIssuedAsync(paused: true, deprecated: true, fee: 20);
        await rig.Node.Rpc.CallAsync(
            "anvil_setStorageAt",
            issued.Address,
            "0x7050c9e0f4ca769c69bd3a8ef740bc37934f8e2c036e5a723fd8ee048ed3f8c3",
            "0x" + rig.AddressOf(3)[2..].PadLeft(64, '0')
        );
        await rig.MineAsync();
        at = (await chain.ReadTokensAsync(default)).Single();
        (at.IsPaused, at.IsDeprecated, at.FeeBasisPoints, at.Implementation).ShouldBe(
            (true, true, 20UL, rig.AddressOf(3))
        );

        // A contract without these functions is simply none of it.
        at = (await rig.Chain.ReadTokensAsync(default))[0];
        (at.IsPaused, at.IsDeprecated, at.FeeBasisPoints, at.Implementation).ShouldBe((false, false, 0UL, ""));
    }

    [Fact]
    public async Task TOK_16_token_with_other_decimals_than_pinned_is_refused()
    {
        await using var rig = await AnvilRig.StartAsync();
        var (chain, token) = rig.Reader(("USDT", rig.TokenOf(1).Contract, 6));
        (await Should.ThrowAsync<WrongNetworkException>(() => chain.ProbeAsync(default))).Message.ShouldContain(
            token.Contract
        );
    }

    [Fact]
    public async Task EVM_02_position_counts_inside_the_receipt_and_not_in_the_block()
    {
        await using var rig = await AnvilRig.StartAsync();
        var ours = new Ours(rig.Chain, rig.AddressOf(0));
        await rig.PayAsync(
            new Payment(rig.TokenOf(0), 1, rig.AddressOf(5)),
            new Payment(rig.TokenOf(0), 2, rig.AddressOf(6)),
            new Payment(rig.TokenOf(0), 3, rig.AddressOf(7))
        );
        var hash = await rig.PayAsync(
            new Payment(rig.TokenOf(1), 10, rig.AddressOf(5)),
            new Payment(rig.TokenOf(1), 11, rig.AddressOf(0)),
            new Payment(rig.TokenOf(1), 12, rig.AddressOf(0))
        );
        await rig.MineAsync();
        var found = await ReadTipAsync(rig.Chain, ours);
        found
            .Transfers.Select(t => (t.TransactionHash, t.Position, t.Amount.Atoms))
            .ShouldBe([(hash, 1, (UInt128)11), (hash, 2, (UInt128)12)]);
    }

    [Fact]
    public async Task EVM_07_block_that_the_bloom_of_a_real_header_excludes_holds_nothing()
    {
        await using var rig = await AnvilRig.StartAsync();
        var sure = rig.Reader(bloomExcludes: true);
        var ours = new Ours(sure, rig.AddressOf(0));
        await rig.PayAsync(new Payment(rig.TokenOf(0), 5, rig.AddressOf(0)));
        await rig.MineAsync();
        (await ReadTipAsync(sure, ours)).Transfers.ShouldHaveSingleItem();
        var fake = await TestToken.DeployFakeAsync(rig.Node);
        await fake.PretendAsync(rig.AddressOf(0), 7);
        await rig.MineAsync();
        foreach (var chain in new[] { sure, rig.Chain })
            (await ReadTipAsync(chain, ours)).ShouldBe(BlockTransfers.None);
    }

    [Fact]
    public async Task Finalized_tag_of_a_real_node_is_read()
    {
        await using var rig = await AnvilRig.StartAsync();
        await rig.MineAsync(40);
        var final = (await rig.Chain.FinalizedAsync(default)).ShouldNotBeNull();
        final.Height.ShouldBeInRange(1, await rig.Chain.HeadAsync(default));
        (await rig.Chain.HeaderAtAsync(final.Height, default)).ShouldNotBeNull().Ref.ShouldBe(final);
    }

    private static async Task<BlockTransfers> ReadTipAsync(IChain chain, Ours ours)
    {
        var tip = (await chain.HeaderAtAsync(await chain.HeadAsync(default), default)).ShouldNotBeNull();
        return await chain.TransfersAsync(tip, ours, default);
    }
}
