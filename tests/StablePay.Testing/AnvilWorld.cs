using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Core.Ids;
using StablePay.Core.Money;
using StablePay.Core.Networks;

namespace StablePay.Testing;

/// <summary>
/// The production engine on a real EVM node: USDT with 6 decimals and USDC with 18, the payer holds a million of each.
/// The clock stands at the chain's time.
/// </summary>
public sealed class AnvilWorld : IAsyncDisposable
{
    public static readonly NetworkId Network = new("eip155:31337");

    private AnvilWorld(AnvilNode node, TestToken usdt, TestToken usdc) => (Node, Usdt, Usdc) = (node, usdt, usdc);

    public AnvilNode Node { get; }
    public TestToken Usdt { get; }
    public TestToken Usdc { get; }
    public PaymentWorld World { get; private set; } = null!;

    /// <param name="slotsInEpoch">Blocks are final two such epochs behind the head.</param>
    /// <param name="through">Where the engine finds the node, if not at the node itself.</param>
    /// <param name="postgres">A connection string, or null for a SQLite file.</param>
    public static async Task<AnvilWorld> StartAsync(int slotsInEpoch = 16, Uri? through = null, string? postgres = null)
    {
        var node = await AnvilNode.StartAsync(new AnvilOptions(SlotsInEpoch: slotsInEpoch));
        var usdt = await TestToken.DeployAsync(node, "Tether USD", "USDT", 6);
        var usdc = await TestToken.DeployAsync(node, "USD Coin", "USDC", 18);
        await usdt.MintAsync(node.Payer, 1_000_000 * Decimals.PowerOfTen(6));
        await usdc.MintAsync(node.Payer, 1_000_000 * Decimals.PowerOfTen(18));
        await node.MineAsync();
        var anvil = new AnvilWorld(node, usdt, usdc);
        var options = new NetworkConfig(Network, [through ?? node.Url])
        {
            Name = "Test network",
            BlockTime = TimeSpan.FromSeconds(1),
            Tokens = [new("USDT", usdt.Address, 6), new("USDC", usdc.Address, 18)],
        };
        var network = options.ToNetwork([]) ?? throw new InvalidOperationException("the options are right");
        anvil.World = await PaymentWorld.StartAsync(
            new WorldOptions(
                (_, _, _) =>
                    [new EvmChain(network, new JsonRpc(new HttpClient(), options.Nodes, RpcLimits.Default), null)],
                postgres
            )
            {
                Start = DateTimeOffset.FromUnixTimeSeconds(await node.TimeAsync()),
            }
        );
        await anvil.World.WatchAsync();
        return anvil;
    }

    /// <summary>Mines one block at the world's time, and lets the engine see it.</summary>
    public async Task BlockAsync()
    {
        await MineAtClockAsync();
        await World.WatchAsync();
    }

    /// <summary>Mines one block whose time is the world's; block times only go forward.</summary>
    public async Task MineAtClockAsync()
    {
        World.Clock.Advance(TimeSpan.FromSeconds(1));
        var now = Math.Max(World.Now.UnixSeconds, await Node.TimeAsync() + 1);
        await Node.SetNextTimeAsync(now);
        await Node.MineAsync();
    }

    /// <summary>Mines until everything that was included is final.</summary>
    public async Task FinalizeAsync(int slotsInEpoch = 16)
    {
        await Node.MineAsync((2 * slotsInEpoch) + 1);
        await World.WatchAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await World.DisposeAsync();
        await Node.DisposeAsync();
    }
}
