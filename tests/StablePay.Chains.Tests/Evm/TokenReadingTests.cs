using StablePay.Chains.Evm;
using StablePay.Chains.Tests.Tron;
using StablePay.Core.Money;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Evm;

/// <summary>What tokens' contracts say of themselves, on stub nodes of both virtual machines.</summary>
public sealed class TokenReadingTests
{
    private const string Code = "0x43506849D7C04F9138D1A2050bbF3A0c054402dd";
    private const string NewCode = "0x0882477e7895bdC5cea7cB1552ed914aB157Fe56";

    [Fact]
    public async Task TOK_14_paused_and_deprecated_are_read_and_absent_functions_are_no()
    {
        await using var stub = new EvmStub();
        (await ReadAsync(stub)).ShouldAllBe(r => r.IsPaused == false && r.IsDeprecated == false);
        (await ReadAsync(stub)).ShouldAllBe(r => r.FeeBasisPoints == 0UL && r.Implementation == "");
        stub.Node1.Functions[(stub.Usdt.Contract, "paused()")] = StubNode.Word(1);
        stub.Node1.Functions[(stub.Usdc.Contract, "deprecated()")] = StubNode.Word(1);
        stub.Node1.Functions[(stub.Usdc.Contract, "paused()")] = "0x";
        var (usdt, usdc) = (await OfAsync(stub, stub.Usdt), await OfAsync(stub, stub.Usdc));
        (usdt.IsPaused, usdt.IsDeprecated, usdc.IsPaused, usdc.IsDeprecated).ShouldBe((true, false, false, true));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task TOK_14_implementation_of_a_proxy_is_read_from_either_slot(int slot)
    {
        await using var stub = new EvmStub();
        stub.Node1.Storage[(stub.Usdc.Contract, EvmTokens.ImplementationSlots[slot])] =
            "0x" + Code[2..].ToLowerInvariant().PadLeft(64, '0');
        (await OfAsync(stub, stub.Usdc)).Implementation.ShouldBe(Code);
        // Leading zeros left out are the same word.
        stub.Node1.Storage[(stub.Usdc.Contract, EvmTokens.ImplementationSlots[slot])] = NewCode.ToLowerInvariant();
        (await OfAsync(stub, stub.Usdc)).Implementation.ShouldBe(NewCode);
        (await OfAsync(stub, stub.Usdt)).Implementation.ShouldBe("");
    }

    [Fact]
    public void TOK_14_slots_of_proxies_are_the_hashes_of_their_names()
    {
        var eip1967 = UInt256.FromBigEndian(Abi.Topic("eip1967.proxy.implementation"));
        var less = new byte[32];
        new UInt256(eip1967.High, eip1967.Low - 1).WriteBigEndian(less);
        EvmTokens.ImplementationSlots.ShouldBe([
            Hex.ToData(less),
            Hex.ToData(Abi.Topic("org.zeppelinos.proxy.implementation")),
        ]);
    }

    [Theory]
    [InlineData("0x0000000000000000000000000000000000000000000000000000000000000002")]
    [InlineData("0x01")]
    public async Task TOK_14_answer_that_is_no_yes_or_no_says_nothing(string answer)
    {
        await using var stub = new EvmStub();
        stub.Node1.Functions[(stub.Usdt.Contract, "paused()")] = answer;
        (await OfAsync(stub, stub.Usdt)).IsPaused.ShouldBeNull();
    }

    [Fact]
    public async Task TOK_14_question_that_a_node_refuses_says_nothing_and_the_next_is_asked()
    {
        await using var stub = new EvmStub();
        stub.Node1.Functions[(stub.Usdt.Contract, "deprecated()")] = StubNode.Word(1);
        stub.Node1.Instead = call =>
            call.Method == "eth_getStorageAt"
            || (call.Method == "eth_call" && call.Parameters[0]!["data"]!.GetValue<string>() == "0x5c975abb")
                ? StubAnswer.Error(call, -32601, "the method does not exist/is not available")
                : null;
        var usdt = await OfAsync(stub, stub.Usdt);
        (usdt.IsPaused, usdt.IsDeprecated, usdt.Implementation).ShouldBe((null, true, null));
    }

    [Fact]
    public async Task TOK_14_node_that_is_away_is_a_fault_and_no_reading()
    {
        await using var stub = new EvmStub();
        await stub.Chain.ProbeAsync(default);
        stub.Node1.Instead = _ => new StubAnswer("busy", 503);
        (await Should.ThrowAsync<NodeException>(() => ReadAsync(stub))).Fault.ShouldBe(NodeFault.Unavailable);
    }

    [Fact]
    public async Task TOK_12_fee_that_a_token_keeps_is_read()
    {
        await using var stub = new EvmStub();
        stub.Node1.Functions[(stub.Usdt.Contract, "basisPointsRate()")] = StubNode.Word(20);
        (await OfAsync(stub, stub.Usdt)).FeeBasisPoints.ShouldBe<UInt256?>(20UL);
    }

    [Fact]
    public async Task TOK_14_token_of_TRON_is_read_and_absent_functions_are_no()
    {
        await using var tron = new TronStub();
        var usdt = (await tron.Chain.ReadTokensAsync(default)).ShouldHaveSingleItem();
        (usdt.IsPaused, usdt.IsDeprecated, usdt.FeeBasisPoints, usdt.Implementation).ShouldBe(
            (false, false, 0UL, null)
        );
        tron.Node1.Functions[(TronStub.Usdt.Contract, "paused()")] = StubNode.Word(1)[2..];
        tron.Node1.Functions[(TronStub.Usdt.Contract, "basisPointsRate()")] = StubNode.Word(20)[2..];
        usdt = (await tron.Chain.ReadTokensAsync(default)).ShouldHaveSingleItem();
        (usdt.IsPaused, usdt.IsDeprecated, usdt.FeeBasisPoints).ShouldBe((true, false, 20UL));
        tron.Say(
            "/wallet/triggerconstantcontract",
            """{"result":{"code":"OTHER_ERROR","message":"6f75742d6f662d74696d65"}}"""
        );
        usdt = (await tron.Chain.ReadTokensAsync(default)).ShouldHaveSingleItem();
        (usdt.IsPaused, usdt.IsDeprecated, usdt.FeeBasisPoints).ShouldBe((null, null, null));
    }

    private static Task<IReadOnlyList<TokenReading>> ReadAsync(EvmStub stub) => stub.Chain.ReadTokensAsync(default);

    private static async Task<TokenReading> OfAsync(EvmStub stub, Token token) =>
        (await ReadAsync(stub)).Single(r => r.Token == token);
}
