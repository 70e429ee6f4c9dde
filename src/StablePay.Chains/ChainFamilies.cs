using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Sandbox;
using StablePay.Chains.Solana;
using StablePay.Chains.Tron;

namespace StablePay.Chains;

/// <summary>How a chain of each family is made: one line each.</summary>
public static class ChainFamilies
{
    /// <summary>The reader of a live network.</summary>
    /// <param name="network">What <paramref name="config"/> says, with the catalogue's facts.</param>
    public static IChain Live(Network network, NetworkConfig config, HttpClient http) =>
        network.Family switch
        {
            ChainFamily.Evm => new EvmChain(
                network,
                new JsonRpc(http, config.Nodes, RpcLimits.Default),
                config.GenesisHash ?? Genesis.Of(network.Id),
                bloomExcludes: Networks.Public.Any(n => n.Id == network.Id),
                config.Verified
            ),
            ChainFamily.Tron => new TronChain(
                network,
                new TronApi(http, config.Addresses, RpcLimits.Default),
                config.GenesisHash ?? Genesis.Of(network.Id)
            ),
            ChainFamily.Solana => new SolanaChain(
                network,
                new JsonRpc(http, config.Nodes, SolanaChain.Limits),
                config.GenesisHash ?? Genesis.Of(network.Id)
            ),
            ChainFamily.Sandbox => throw new ArgumentException("The sandbox has no nodes.", nameof(network)),
        };

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
            "tron:0x2b6653dc" => "00000000000000001ebf88508a03865c71d452e25f4d51194196a1d22b6653dc",
            "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp" => "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d",
            _ => null,
        };
}
