using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Sandbox;

namespace StablePay.Chains;

/// <summary>How a chain of each family is made: one line each.</summary>
public static class ChainFamilies
{
    public static IChain Evm(Network network, EvmNetworkOptions options, HttpClient http) =>
        new EvmChain(
            network,
            new JsonRpc(http, options.Nodes, RpcLimits.Default),
            options.GenesisHash ?? Genesis.Of(network.Id),
            bloomExcludes: Networks.Public.Any(n => n.Id == network.Id)
        );

    public static SandboxChain Sandbox(Network network, ISandboxStore store, Dice dice, TimeProvider clock) =>
        new(network, store, dice, clock);
}

/// <summary>First blocks of the public networks: two chains may share an id, never these.</summary>
internal static class Genesis
{
    public static string? Of(NetworkId network) =>
        network.Value switch
        {
            "eip155:1" => "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3",
            "eip155:56" => "0x0d21840abff46b96c84b2ac9e10e4f5cdaeb5693cb665db62a2f3b02d2d57b5b",
            _ => null,
        };
}
