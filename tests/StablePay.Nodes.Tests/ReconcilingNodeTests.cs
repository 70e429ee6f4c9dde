using StablePay.Chains.Keys;
using StablePay.Chains.Solana;
using StablePay.Chains.Tests.Contract;
using StablePay.Core.Ids;
using StablePay.Core.Ledger;
using StablePay.Core.Money;
using StablePay.Engine.Reconciling;
using StablePay.Testing.Nodes;

namespace StablePay.Nodes.Tests;

/// <summary>
/// What issuers do to money that was paid, executed by a real virtual machine or runtime, and found by comparing books
/// with balances.
/// </summary>
public sealed class ReconcilingNodeTests
{
    private static readonly Difference Whole = new(DifferenceKind.Frozen, 25_990_000, 25_990_000);
    private static readonly Difference Gone = new(DifferenceKind.Missing, 25_990_000, 0);

    [Fact]
    public async Task TOK_13_anvil_blacklisted_address_is_told_and_its_destroyed_funds_in_the_next_cycle()
    {
        await using var anvil = await AnvilWorld.StartAsync();
        var world = anvil.World;
        var session = await world.OpenSessionAsync(2599, live: true);
        var address = (await world.ChooseAsync(session, AnvilWorld.Network, Asset.Usdt)).Chosen!.Address;
        await anvil.Usdt.TransferAsync(address, 25_990_000);
        await anvil.BlockAsync();
        await anvil.FinalizeAsync();
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBeEmpty();

        await anvil.Usdt.FreezeAsync(address);
        await anvil.BlockAsync();
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBeEmpty("the block is not final yet");
        await anvil.FinalizeAsync();
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBe([Whole]);

        await anvil.Usdt.DestroyAsync(address);
        await anvil.BlockAsync();
        await anvil.FinalizeAsync();
        await CycleAsync(world);
        // What is gone is not frozen any more.
        (await OpenAsync(world)).ShouldBe([Gone]);
        (await world.ReadAsync(session)).PaymentStatus.ShouldBe("paid", "a final credit is never taken back (T8)");
        world.Alerts.Count.ShouldBe(2);
    }

    [Fact]
    public async Task TOK_13_tron_blacklisted_address_is_told_and_its_destroyed_funds_in_the_next_cycle()
    {
        await using var rig = await TronRig.StartAsync();
        await using var world = await rig.WorldAsync();
        var usdt = rig.TokenOf(0);
        var address = await PaidAsync(rig, world);
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBeEmpty();

        await rig.Node.CallAsync(usdt.Contract, "addBlackList(address)", ["address"], [address]);
        await rig.MineAsync(5);
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBeEmpty("the block is not solidified yet");
        await rig.MineAsync(20);
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBe([Whole]);

        await rig.Node.CallAsync(usdt.Contract, "destroyBlackFunds(address)", ["address"], [address]);
        await rig.MineAsync(25);
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBe([Gone]);
    }

    [Fact]
    public async Task TOK_13_solana_frozen_account_and_burnt_tokens_are_told()
    {
        await using var rig = await SolanaRig.StartAsync();
        await using var world = await rig.WorldAsync();
        var usdt = rig.TokenOf(0);
        var address = await PaidAsync(rig, world);
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBeEmpty();

        await rig.Node.FreezeAsync(usdt, address);
        await rig.MineAsync(5);
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBeEmpty("the block is not finalized yet");
        await rig.MineAsync(33);
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBe([Whole]);

        await rig.Node.FreezeAsync(usdt, address, thaw: true);
        await rig.MineAsync();
        await rig.Node.BurnAsync(usdt, KeyOf(address), 25_990_000);
        await rig.MineAsync(33);
        await CycleAsync(world);
        (await OpenAsync(world)).ShouldBe([Gone]);
    }

    private static async Task<string> PaidAsync<TNode>(ProgramRig<TNode> rig, PaymentWorld world)
        where TNode : NodeProgram
    {
        var (session, address) = await rig.SessionAsync(world);
        await rig.PayAsync(new Payment(rig.TokenOf(0), 25_990_000, address));
        await rig.MineAsync(40);
        await world.WatchAsync();
        (await world.ReadAsync(session)).PaymentStatus.ShouldBe("paid");
        return address;
    }

    /// <summary>One cycle as the job makes it.</summary>
    private static async Task CycleAsync(PaymentWorld world)
    {
        world.Clock.Advance(TimeSpan.FromHours(24));
        await world.WatchAsync();
        await world.WorkAsync();
        world.Clock.Advance(ChainAudit.LookAgain);
        await world.WatchAsync();
        await world.WorkAsync();
        var network = world.Chains[0].Network.Id.Value;
        (await world.Database.Reconciliation.FindCycleAsync(network, default))!.FinishedAt.ShouldNotBeNull();
    }

    private static async Task<IReadOnlyList<Difference>> OpenAsync(PaymentWorld world) =>
        [.. (await world.Database.Reconciliation.ListOpenAsync(10, default)).Select(i => i.Difference)];

    /// <summary>The key of a deposit address of the world's seed of zeros.</summary>
    private static byte[] KeyOf(string address)
    {
        using var root = Slip10Key.FromSeed(Bip39.ToSeed(Bip39.ToMnemonic(new byte[32]))).Derive(SolanaDeriver.Path);
        for (uint index = 0; index < 1_000; index++)
        {
            using var key = root.Derive(new KeyPath([index | KeyPath.Hardened, KeyPath.Hardened]));
            if (new SolanaAddress(key.PublicKey()).ToString() == address)
                return key.PrivateKey.ToArray();
        }
        throw new InvalidOperationException($"{address} is not one of the first addresses");
    }
}
