using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tron;
using StablePay.Core.Money;
using StablePay.Core.Networks;

namespace StablePay.Testing.Nodes;

/// <summary>
/// The TRON emulator of tests/tron-node over an anvil of its own. It is an emulator: what it answers is checked by
/// tronweb, and no real TRON node has seen it.
/// </summary>
public sealed class TronNode : NodeProgram
{
    private TronNode(AnvilNode anvil, (System.Diagnostics.Process, System.Text.Json.JsonElement) started)
        : base(started)
    {
        Anvil = anvil;
        Payer = TronAddress.Parse(Told.GetProperty("payer").GetString()!);
    }

    /// <summary>What runs the contracts.</summary>
    public AnvilNode Anvil { get; }

    /// <summary>Whose calls <see cref="CallAsync"/> signs.</summary>
    public TronAddress Payer { get; }

    /// <param name="solid">How far the solidified block is behind the head.</param>
    public static async Task<TronNode> StartAsync(int solid = 19)
    {
        var anvil = await AnvilNode.StartAsync(new AnvilOptions(FreeGas: true));
        return new TronNode(
            anvil,
            await RunAsync("tron-node", "--anvil", anvil.Url.ToString(), "--solid", Text(solid))
        );
    }

    /// <summary>A network with a token of 6 and one of 18 decimals, of which the emulator's payer holds plenty.</summary>
    public async Task<Network> DeployTokensAsync()
    {
        var usdt = await TestToken.DeployAsync(Anvil, "Tether USD", "USDT", 6);
        var usdc = await TestToken.DeployAsync(Anvil, "USD Coin", "USDC", 18);
        await usdt.MintAsync(Payer.Bytes.ToString(), 1_000_000 * Decimals.PowerOfTen(6));
        await usdc.MintAsync(Payer.Bytes.ToString(), 1_000_000 * Decimals.PowerOfTen(18));
        await Anvil.MineAsync();
        await MineAsync();
        var network = new NetworkConfig(new("tron:0x00000000"), [Url])
        {
            Name = "TRON emulator",
            Tokens = [new("USDT", AddressOf(usdt.Address), 6), new("USDC", AddressOf(usdc.Address), 18)],
        }.ToNetwork([]);
        return network ?? throw new InvalidOperationException("the options are right");
    }

    /// <summary>A reader of this node.</summary>
    public TronChain Reader(Network network, HttpClient http) =>
        new(network, new TronApi(http, [new NodeAddress(Url)], RpcLimits.Default), null);

    /// <summary>The display form of a contract that was deployed on the anvil beneath.</summary>
    public static string AddressOf(string evm) => new TronAddress(EvmAddress.Parse(evm)).ToString();

    /// <summary>Sets an account's TRX.</summary>
    public Task FundAsync(TronAddress address, long sun) =>
        ControlAsync("fund", new { address = address.ToString(), sun });

    /// <summary>The next times this path answers that.</summary>
    public Task FailAsync(string path, string body, int times = 1, int status = 200) =>
        ControlAsync(
            "fail",
            new
            {
                path,
                body,
                times,
                status,
            }
        );

    /// <summary>Signs and broadcasts a call; it is in no block before the next one is mined.</summary>
    /// <returns>The transaction's id.</returns>
    public async Task<string> CallAsync(
        string contract,
        string call,
        string[] types,
        object[] values,
        long feeLimit = 1_000_000_000
    ) => (
            await ControlAsync(
                "call",
                new
                {
                    contract,
                    call,
                    types,
                    values,
                    fee_limit = feeLimit,
                }
            )
        ).GetProperty("txid").GetString()!;

    protected override ValueTask CloseAsync() => Anvil.DisposeAsync();
}
