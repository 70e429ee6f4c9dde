using System.Diagnostics;
using System.Text.Json;
using StablePay.Chains;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tests.Contract;
using StablePay.Chains.Tron;
using StablePay.Core.Money;
using StablePay.Engine.Checkout;
using StablePay.Testing.Nodes;

namespace StablePay.Nodes.Tests;

/// <summary>The emulator as tronweb meets it, and payments on it through the production engine.</summary>
public sealed class TronNodeTests
{
    [Fact]
    public async Task Tronweb_is_an_ordinary_client_of_the_emulator()
    {
        await using var rig = await TronRig.StartAsync();
        var recipient = rig.AddressOf(1);
        var seen = await ClientAsync(rig.Node.Url.ToString(), rig.TokenOf(0).Contract, recipient);
        string Of(string member) => seen.GetProperty(member).GetRawText();

        Of("before").ShouldBe("1000");
        (Of("taken"), Of("twice"), Of("pending")).ShouldBe(("\"taken\"", "\"DUP_TRANSACTION_ERROR\"", "{}"));
        (Of("paid"), Of("balances")).ShouldBe(("[\"SUCCESS\",null,1]", "[993,7]"));
        (Of("solidTooEarly"), Of("solid")).ShouldBe(("{}", "true"));
        (Of("reverted"), Of("starved")).ShouldBe(("[\"REVERT\",\"FAILED\",0]", "[\"OUT_OF_ENERGY\",\"FAILED\",0]"));
        (Of("forged"), Of("changed")).ShouldBe(("\"SIGERROR\"", "\"SIGERROR\""));
        (Of("reference"), Of("expired")).ShouldBe(("\"TAPOS_ERROR\"", "\"TRANSACTION_EXPIRATION_ERROR\""));
        Of("poor").ShouldBe("\"CONTRACT_VALIDATE_ERROR\"");
        (Of("native"), Of("nativeBalance"), Of("forked")).ShouldBe(("\"taken\"", "5", "[0,{}]"));
    }

    [Fact]
    public async Task Payment_that_the_emulator_executes_is_paid_when_solidified()
    {
        await using var rig = await TronRig.StartAsync();
        await rig.PaysInTwoPartsAsync(finalAfter: 20);
    }

    [Fact]
    public async Task TOK_14_contract_that_the_emulator_executes_is_asked_whether_it_moves()
    {
        await using var node = await TronNode.StartAsync();
        var issued = await TestToken.DeployIssuedAsync(node.Anvil, "Tether USD", "USDT", 6);
        await issued.SetIssuedAsync(paused: true, deprecated: false, fee: 20);
        var plain = await TestToken.DeployAsync(node.Anvil, "USD Coin", "USDC", 6);
        await node.Anvil.MineAsync();
        await node.MineAsync();
        var network = new NetworkConfig(new("tron:0x00000000"), [node.Url])
        {
            Name = "TRON emulator",
            Tokens =
            [
                new("USDT", TronNode.AddressOf(issued.Address), 6),
                new("USDC", TronNode.AddressOf(plain.Address), 6),
            ],
        }.ToNetwork([])!;
        using var http = new HttpClient();
        var read = await node.Reader(network, http).ReadTokensAsync(default);
        read.Select(r => (r.IsPaused, r.IsDeprecated, r.FeeBasisPoints))
            .ShouldBe([(true, false, 20UL), (false, false, 0UL)]);
    }

    [Fact]
    public async Task TRX_01_TRX_12_payment_without_energy_or_with_a_revert_is_none()
    {
        await using var rig = await TronRig.StartAsync();
        await using var world = await rig.WorldAsync();
        var (session, address) = await rig.SessionAsync(world);
        await rig.PayAsync(reverted: true, new Payment(rig.TokenOf(0), 25_990_000, address));
        await rig.Node.CallAsync(
            rig.TokenOf(0).Contract,
            "transfer(address,uint256)",
            ["address", "uint256"],
            [address, "25990000"],
            feeLimit: 100_000
        );
        await rig.MineAsync(21);
        await world.WatchAsync();
        var open = await world.ReadAsync(session);
        (open.PaymentStatus, open.Transfers.Count).ShouldBe(("pending", 0));
    }

    private static async Task<JsonElement> ClientAsync(params string[] arguments)
    {
        using var client = Process.Start(
            new ProcessStartInfo("node", [RepositoryRoot.Of("tests", "tron-node", "client.mjs"), .. arguments])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            }
        )!;
        var errors = client.StandardError.ReadToEndAsync();
        var output = await client.StandardOutput.ReadToEndAsync();
        await client.WaitForExitAsync();
        client.ExitCode.ShouldBe(0, await errors);
        return JsonDocument.Parse(output).RootElement.Clone();
    }
}
