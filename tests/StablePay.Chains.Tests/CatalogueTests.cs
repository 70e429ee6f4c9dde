using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Solana;
using StablePay.Chains.Tron;
using StablePay.Core.Money;
using StablePay.Core.Networks;

namespace StablePay.Chains.Tests;

public sealed class CatalogueTests
{
    private static readonly Uri Node = new("https://node.example");

    [Fact]
    public void Tokens_are_those_of_the_contract_in_their_checksummed_form()
    {
        Networks
            .Public.SelectMany(n => n.Tokens)
            .Select(t => $"{t.Id} {t.Asset} {t.Decimals}")
            .ShouldBe([
                "eip155:1/erc20:0xdAC17F958D2ee523a2206206994597C13D831ec7 USDT 6",
                "eip155:1/erc20:0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48 USDC 6",
                "eip155:56/erc20:0x55d398326f99059fF775485246999027B3197955 USDT 18",
                "eip155:56/erc20:0x8AC76a51cc950d9822D68b83fE1Ad97B32Cd580d USDC 18",
                "tron:0x2b6653dc/trc20:TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t USDT 6",
                "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:Es9vMFrzaCERmJfrF4H2FYD4KCoNkY11McCe8BenwNYB USDT 6",
                "solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp/token:EPjFWdd5AufqSSqeM2qN1xzybapC8G4wEGGkZwyTDt1v USDC 6",
            ]);
        foreach (var network in Networks.Public)
        foreach (var token in network.Tokens)
            (
                network.Family switch
                {
                    ChainFamily.Tron => TronAddress.Parse(token.Contract).ToString(),
                    ChainFamily.Solana => SolanaAddress.Parse(token.Contract).ToString(),
                    _ => EvmAddress.Parse(token.Contract).ToString(),
                }
            ).ShouldBe(token.Contract);
    }

    [Fact]
    public void Public_networks_are_final_by_the_nodes_own_tag()
    {
        foreach (var network in Networks.Public)
        {
            network
                .Finality.ShouldBeOfType<FinalityRule.Tag>()
                .Name.ShouldBe(network.Family == ChainFamily.Tron ? "solidified" : "finalized");
            network.Tokens.ShouldAllBe(t => t.Network == network.Id);
            network.IsLive.ShouldBeTrue();
            network.TransactionUrl.ShouldNotBeNull().ShouldContain("{0}");
        }
    }

    [Fact]
    public void Sandbox_has_a_network_under_each_public_name_and_none_is_live()
    {
        var sandbox = Networks.Sandbox(TimeSpan.FromSeconds(1), 4);
        sandbox
            .Select(n =>
                $"{n.Id} {n.Name} {n.Standard} {string.Join('+', n.Tokens.Select(t => $"{t.Asset}/{t.Decimals}"))}"
            )
            .ShouldBe([
                "sandbox:tron TRON TRC20 USDT/6",
                "sandbox:ethereum Ethereum ERC20 USDT/6+USDC/6",
                "sandbox:bsc BNB Smart Chain BEP20 USDT/18+USDC/18",
                "sandbox:solana Solana SPL USDT/6+USDC/6",
            ]);
        sandbox.ShouldAllBe(n => !n.IsLive && n.Id.IsSandbox && n.Finality.Confirmations == 4);
        sandbox.SelectMany(n => n.Tokens).Select(t => t.Contract).ShouldBeUnique();
    }

    [Fact]
    public void Network_of_the_catalogue_needs_nodes_and_nothing_else()
    {
        var mistakes = new List<string>();
        new NetworkConfig(new("eip155:56"), [Node]).ToNetwork(mistakes).ShouldBe(Networks.Bsc);
        mistakes.ShouldBeEmpty();
    }

    [Fact]
    public void Usdc_is_off_on_TRON_until_an_operator_names_its_contract()
    {
        var catalogue = new NetworkConfig(Networks.Tron.Id, [Node]);
        catalogue.ToNetwork([]).ShouldNotBeNull().Tokens.Select(t => t.Asset).ShouldBe([Asset.Usdt]);

        var usdt = Networks.Tron.Tokens[0].Contract;
        var mistakes = new List<string>();
        var own = catalogue with
        {
            Tokens = [new("USDT", usdt, 6), new("USDC", "TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8", 6)],
        };
        own.ToNetwork(mistakes)
            .ShouldNotBeNull()
            .Tokens.Select(t => $"{t.Asset} {t.Contract} {t.Decimals}")
            .ShouldBe([$"USDT {usdt} 6", "USDC TEkxiTehnzSmSe2XqrBj4w32RUN966rdz8 6"]);
        mistakes.ShouldBeEmpty();
    }

    [Fact]
    public void Further_network_is_one_entry_of_configuration()
    {
        var mistakes = new List<string>();
        var network = new NetworkConfig(new("eip155:8453"), [Node])
        {
            Name = "Base",
            FinalityDepth = 30,
            BlockTime = TimeSpan.FromSeconds(2),
            Tokens = [new("USDC", "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913", 6)],
        }
            .ToNetwork(mistakes)
            .ShouldNotBeNull();
        network.Id.Value.ShouldBe("eip155:8453");
        network.Finality.ShouldBe(new FinalityRule.Depth(30));
        network
            .Tokens.ShouldHaveSingleItem()
            .ShouldBe(new Token(network.Id, Asset.Usdc, "0x833589fCD6eDb6E08f4c7C32D4f71b54bdA02913", 6));
    }

    [Fact]
    public void Mistakes_in_a_configured_network_are_told_all_at_once()
    {
        var mistakes = new List<string>();
        new NetworkConfig(new("eip155:8453"), [new Uri("ftp://node.example")])
        {
            FinalityDepth = 0,
            FinalityTag = "safe",
            BlockTime = TimeSpan.Zero,
            Tokens =
            [
                new("DOGE", "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913", 6),
                new("USDT", "0x83", 6),
                new("USDT", "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913", 19),
                new("USDC", "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913", 6),
                new("USDC", "0x833589fcd6edb6e08f4c7c32d4f71b54bda02913", 18),
            ],
        }
            .ToNetwork(mistakes)
            .ShouldBeNull();
        mistakes.Count.ShouldBe(9, string.Join('\n', mistakes));
        mistakes.ShouldBeUnique();
    }

    [Fact]
    public void Tron_is_in_the_catalogue_and_its_test_networks_are_configuration()
    {
        var mistakes = new List<string>();
        new NetworkConfig(new("tron:0x2b6653dc"), [Node]) { NodeKey = "secret" }
            .ToNetwork(mistakes)
            .ShouldBe(Networks.Tron);
        Networks.Tron.Tokens.ShouldHaveSingleItem().Contract.ShouldBe("TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t");
        var nile = new NetworkConfig(new("tron:0xcd8690dc"), [Node])
        {
            Name = "TRON Nile",
            Tokens = [new("USDT", "TXYZopYRdj2D9XRtbG411XZZ3kM5VkAeBf", 6)],
        }
            .ToNetwork(mistakes)
            .ShouldNotBeNull();
        mistakes.ShouldBeEmpty();
        (nile.Family, nile.Standard, nile.Finality).ShouldBe((ChainFamily.Tron, "TRC20", Networks.Tron.Finality));
    }

    [Fact]
    public void Solana_is_in_the_catalogue_and_its_test_clusters_are_configuration()
    {
        var mistakes = new List<string>();
        new NetworkConfig(new("solana:5eykt4UsFv8P8NJdTREpY1vzqKqZKvdp"), [Node])
            .ToNetwork(mistakes)
            .ShouldBe(Networks.Solana);
        var devnet = new NetworkConfig(new("solana:EtWTRABZaYq6iMfeYKouRu166VU2xqa1"), [Node])
        {
            Name = "Solana devnet",
            Tokens = [new("USDC", "4zMMC9srt5Ri5X14GAgXhaHii3GnPAEERYPJgZJDncDU", 6)],
        }
            .ToNetwork(mistakes)
            .ShouldNotBeNull();
        mistakes.ShouldBeEmpty();
        (devnet.Family, devnet.Standard, devnet.Finality, devnet.BlockTime).ShouldBe(
            (ChainFamily.Solana, "SPL", Networks.Solana.Finality, Networks.Solana.BlockTime)
        );
        new NetworkConfig(devnet.Id, [Node])
        {
            Name = "x",
            FinalityTag = "confirmed",
            NodeKey = "secret",
            Tokens = [new("USDT", "0xdAC17F958D2ee523a2206206994597C13D831ec7", 6)],
        }.ToNetwork(mistakes);
        mistakes.Count.ShouldBe(4, string.Join('\n', mistakes));
    }

    [Fact]
    public void Settings_of_another_family_are_mistakes()
    {
        var mistakes = new List<string>();
        new NetworkConfig(new("tron:0x2b6653dc"), [Node])
        {
            FinalityDepth = 3,
            Tokens = [new("USDT", "0xdAC17F958D2ee523a2206206994597C13D831ec7", 6)],
        }.ToNetwork(mistakes);
        mistakes.Count.ShouldBe(3, string.Join('\n', mistakes));
        mistakes.Clear();
        new NetworkConfig(new("eip155:1"), [Node]) { NodeKey = "secret" }.ToNetwork(mistakes);
        mistakes.ShouldHaveSingleItem().ShouldNotContain("secret");
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("eip155:")]
    [InlineData("eip155:0")]
    [InlineData("eip155:01")]
    [InlineData("eip155:9007199254740992")]
    [InlineData("eip155:-1")]
    [InlineData("eip155:１")]
    [InlineData("tron:")]
    [InlineData("solana:x")]
    [InlineData("solana:")]
    [InlineData("sandbox:ethereum")]
    public void Ids_of_no_network_we_can_follow_are_refused(string id)
    {
        var mistakes = new List<string>();
        new NetworkConfig(new(id), [Node]).ToNetwork(mistakes).ShouldBeNull();
        mistakes.ShouldHaveSingleItem().ShouldContain("is no id");
    }

    [Fact]
    public void Configuration_shows_no_key_and_no_address()
    {
        var config = new NetworkConfig(new("tron:0x2b6653dc"), [new Uri("https://node.example/canary")])
        {
            NodeKey = "canary",
        };
        $"{config} {config.Addresses[0]}".ShouldNotContain("canary");
    }

    [Fact]
    public void A_network_with_several_nodes_has_a_quorum_and_one_with_a_single_node_has_none()
    {
        var one = new NetworkConfig(new("eip155:56"), [new("https://a.example")]);
        one.Quorum.ShouldBeNull();
        var two = one with { Nodes = [new("https://a.example"), new("https://b.example")] };
        two.Quorum.ShouldBe(QuorumRule.Default);
        (two with { QuorumAbove = 0, QuorumNodes = 3 }).Quorum.ShouldBe(new QuorumRule(Coverage.Zero, 3));
    }

    [Fact]
    public void EVM_11_bscs_natural_finality_is_a_setting()
    {
        var bsc = new NetworkConfig(new("eip155:56"), [new("https://a.example")]);
        bsc.ToNetwork([])!.Finality.ShouldBe(new FinalityRule.Tag("finalized", 4) { NaturalDepth = 240 });
        (bsc with { NaturalFinalityDepth = 400 })
            .ToNetwork([])!
            .Finality.ShouldBe(new FinalityRule.Tag("finalized", 4) { NaturalDepth = 400 });
        Networks.Ethereum.Finality.ShouldBe(new FinalityRule.Tag("finalized", 64));
    }
}
