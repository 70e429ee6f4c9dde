using System.Text.Json.Nodes;
using StablePay.Chains.Evm;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tron;
using StablePay.Core.Primitives;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Tron;

/// <summary>Prices, resources and trials as a stub node tells them, and as none should.</summary>
public sealed class TronFeesTests : IAsyncDisposable
{
    private const string Parameters = "/wallet/getchainparameters";
    private const string Resources = "/wallet/getaccountresource";
    private const string Trial = "/wallet/triggerconstantcontract";

    private readonly HttpClient _http = new();
    private readonly TronStubNode _node = new();
    private readonly TronFees _fees;

    public TronFeesTests()
    {
        _node.Decimals[TronStub.Usdt.Contract] = 6;
        _fees = new TronFees(new TronApi(_http, [new NodeAddress(_node.Url)], RpcLimits.Default));
    }

    public static TronTransaction.ContractCall Call { get; } =
        new()
        {
            Validity = new TronValidity(1, 2, new Instant(1_790_000_000_000), new Instant(1_790_000_060_000)),
            Owner = TronAddress.Parse(TronStub.Payer),
            Contract = TronAddress.Parse(TronStub.Usdt.Contract),
            Data = Abi.Transfer(TronAddress.Parse(TronStub.Us).Bytes, 5UL),
            FeeLimitSun = 30_000_000,
        };

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _node.DisposeAsync();
    }

    [Fact]
    public async Task Prices_are_what_the_chain_says()
    {
        (await _fees.PricesAsync(default)).ShouldBe(new TronPrices(100, 1_000, 15_000_000_000, 2_000));
        _node.Parameters["getEnergyFee"] = 210;
        _node.Parameters.Remove("getDynamicEnergyIncreaseFactor");
        (await _fees.PricesAsync(default)).ShouldBe(new TronPrices(210, 1_000, 15_000_000_000, 0));
    }

    public static TheoryData<string> SenselessParameters =>
        [
            "{}",
            "[]",
            """{"chainParameter":{}}""",
            """{"chainParameter":[1]}""",
            """{"chainParameter":[]}""",
            Listed("""{"key":"getEnergyFee"}"""),
            Listed("""{"key":"getEnergyFee","value":0}"""),
            Listed("""{"key":"getEnergyFee","value":-1}"""),
            Listed("""{"key":"getEnergyFee","value":9223372036854775808}"""),
            Listed("""{"key":"getEnergyFee","value":1.5}"""),
            Listed("""{"key":"getEnergyFee","value":"100"}"""),
            Listed("""{"key":"getEnergyFee","value":null}"""),
            Listed("""{"key":"getEnergyFee","value":[100]}"""),
            Listed("""{"key":"getEnergyFee","value":100},{"key":"getEnergyFee","value":100}"""),
            Listed("""{"key":"getEnergyFee","key":"getEnergyFee","value":100}"""),
            Listed("""{"key":"getEnergyFee","value":1,"value":100}"""),
            Listed("""{"key":7,"value":100}"""),
            Listed("""{"value":100}"""),
            Listed("""{"key":"getenergyfee","value":100}"""),
            Listed("""{"key":"getEnergyFee","value":100},{"key":"getMaxFeeLimit","value":5}"""),
            Listed("""{"key":"getEnergyFee","value":1},{"key":"getDynamicEnergyIncreaseFactor","value":10001}"""),
            Listed("""{"key":"getEnergyFee","value":100}""") + "7",
            Listed("""{"key":"getEnergyFee","value":100}""")[..^2],
        ];

    [Theory]
    [MemberData(nameof(SenselessParameters))]
    public async Task Parameters_that_make_no_sense_are_a_nodes_fault(string answer)
    {
        Say(Parameters, answer);
        await FaultAsync(NodeFault.Malformed, () => _fees.PricesAsync(default));
        Say(Parameters, Listed("""{"other":[{}],"value":100,"key":"getEnergyFee"},{"key":"getOther","value":-1}"""));
        (await _fees.PricesAsync(default)).EnergySun.ShouldBe(100);
    }

    [Theory]
    [InlineData("{}", 0, 0, 0)]
    [InlineData("""{"freeNetLimit":600}""", 0, 600, 0)]
    [InlineData("""{"freeNetUsed":345,"freeNetLimit":600,"TotalNetLimit":43200000000}""", 0, 255, 0)]
    [InlineData("""{"NetLimit":900,"NetUsed":901,"EnergyLimit":70000,"EnergyUsed":69999}""", 1, 0, 0)]
    [InlineData("""{"NetLimit":9223372036854775807,"EnergyLimit":5}""", 5, 0, long.MaxValue)]
    public async Task Resources_are_what_is_left(string answer, long energy, long free, long staked)
    {
        Say(Resources, answer);
        (await _fees.ResourcesAsync(Call.Owner, default)).ShouldBe(new TronResources(energy, free, staked));
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("""{"EnergyLimit":-1}""")]
    [InlineData("""{"EnergyUsed":-1}""")]
    [InlineData("""{"EnergyLimit":9223372036854775808}""")]
    [InlineData("""{"EnergyLimit":1e3}""")]
    [InlineData("""{"EnergyLimit":"7"}""")]
    [InlineData("""{"EnergyLimit":7,"EnergyLimit":8}""")]
    [InlineData("""{"NetLimit":null}""")]
    [InlineData("""{"freeNetLimit":{}}""")]
    [InlineData("""{"freeNetUsed":-5}""")]
    public async Task Resources_that_make_no_sense_are_a_nodes_fault(string answer)
    {
        Say(Resources, answer);
        await FaultAsync(NodeFault.Malformed, () => _fees.ResourcesAsync(Call.Owner, default));
    }

    [Fact]
    public async Task TRX_12_call_is_ready_with_what_its_trial_used_and_may_grow_by()
    {
        var ready = (await _fees.EstimateAsync(Call, default)).ShouldBeOfType<TronEstimate.Ready>();
        ready.Call.ShouldBe(Call with { FeeLimitSun = 64_285 * 120 });
        var bandwidth = TronTransactions.BandwidthOf(ready.Call);
        ready.Cost.ShouldBe(new TronCost(64_285, bandwidth, 6_428_500, 6_428_500));
    }

    [Fact]
    public async Task TRX_12_trial_is_of_exactly_this_call()
    {
        JsonNode? asked = null;
        _node.Instead = (path, question, _) =>
        {
            asked = path == Trial ? question : asked;
            return null;
        };
        await _fees.EstimateAsync(Call, default);
        asked!["owner_address"]!.GetValue<string>().ShouldBe(Call.Owner.ToHex());
        asked["contract_address"]!.GetValue<string>().ShouldBe(Call.Contract.ToHex());
        asked["data"]!.GetValue<string>().ShouldBe(Hex.ToHex(Call.Data.Span));
    }

    [Fact]
    public async Task TRX_12_call_above_the_callers_cap_or_the_networks_is_not_made()
    {
        var poor = Call with { FeeLimitSun = (64_285 * 100) - 1 };
        (await _fees.EstimateAsync(poor, default))
            .ShouldBeOfType<TronEstimate.AboveCap>()
            .CapSun.ShouldBe(poor.FeeLimitSun);
        var exact = Call with { FeeLimitSun = 64_285 * 100 };
        (await _fees.EstimateAsync(exact, default)).ShouldBeOfType<TronEstimate.Ready>().Call.ShouldBe(exact);
        _node.Parameters["getMaxFeeLimit"] = 6_000_000;
        (await _fees.EstimateAsync(Call, default)).ShouldBeOfType<TronEstimate.AboveCap>().CapSun.ShouldBe(6_000_000);
    }

    [Fact]
    public async Task Largest_numbers_that_a_node_can_say_are_above_the_cap()
    {
        _node.Energy = long.MaxValue;
        _node.Parameters["getEnergyFee"] = long.MaxValue;
        _node.Parameters["getTransactionFee"] = long.MaxValue;
        Say(Resources, "{}");
        var cost = (await _fees.EstimateAsync(Call, default)).ShouldBeOfType<TronEstimate.AboveCap>().Cost;
        cost.EnergySun.ShouldBe((UInt128)long.MaxValue * (UInt128)long.MaxValue);
        cost.BurntSun.ShouldBeGreaterThan(cost.EnergySun);
    }

    [Theory]
    [InlineData("""{"result":{"result":true,"message":"524556455254"},"energy_used":700}""", "REVERT")]
    [InlineData("""{"result":{"result":true,"message":"REVERT"},"energy_used":700}""", "REVERT")]
    [InlineData("""{"result":{"result":true},"energy_used":700,"transaction":{"ret":[{"ret":"FAILED"}]}}""", "fails")]
    [InlineData("""{"result":{"result":true,"code":"OTHER_ERROR"},"energy_used":700}""", "OTHER_ERROR")]
    public async Task Call_that_would_fail_says_why(string answer, string why)
    {
        Say(Trial, answer);
        (await _fees.EstimateAsync(Call, default)).ShouldBeOfType<TronEstimate.WouldFail>().Reason.ShouldContain(why);
    }

    [Theory]
    [InlineData("""{"result":{"result":true,"code":"SUCCESS","message":""},"energy_used":5}""")]
    [InlineData("""{"result":{"result":true},"energy_used":5,"transaction":{"ret":[{"ret":"SUCESS"}]}}""")]
    [InlineData("""{"result":{"result":true},"energy_used":5,"constant_result":["00"],"energy_penalty":-1}""")]
    public async Task Call_that_would_not_fail_is_told_in_several_ways(string answer)
    {
        Say(Trial, answer);
        (await _fees.EstimateAsync(Call, default)).ShouldBeOfType<TronEstimate.Ready>().Cost.Energy.ShouldBe(5);
    }

    [Theory]
    [InlineData("{}", NodeFault.Malformed)]
    [InlineData("[]", NodeFault.Malformed)]
    [InlineData("""{"result":true,"energy_used":5}""", NodeFault.Malformed)]
    [InlineData("""{"result":{"result":true}}""", NodeFault.Malformed)]
    [InlineData("""{"result":{"result":true},"energy_used":0}""", NodeFault.Malformed)]
    [InlineData("""{"result":{"result":true},"energy_used":-5}""", NodeFault.Malformed)]
    [InlineData("""{"result":{"result":true},"energy_used":9223372036854775808}""", NodeFault.Malformed)]
    [InlineData("""{"result":{"result":true},"energy_used":5,"energy_used":5}""", NodeFault.Malformed)]
    [InlineData("""{"result":{"result":true,"result":true},"energy_used":5}""", NodeFault.Malformed)]
    [InlineData("""{"result":{"result":true},"energy_used":5,"transaction":{"ret":{}}}""", NodeFault.Malformed)]
    [InlineData("""{"result":{"result":true,"message":7},"energy_used":5}""", NodeFault.Malformed)]
    [InlineData("""{"result":{"result":"true"},"energy_used":5}""", NodeFault.Refused)]
    [InlineData("""{"result":{"code":"CONTRACT_VALIDATE_ERROR","message":"6e6f"}}""", NodeFault.Refused)]
    public async Task Trials_that_make_no_sense_are_a_nodes_fault(string answer, NodeFault fault)
    {
        Say(Trial, answer);
        await FaultAsync(fault, () => _fees.EstimateAsync(Call, default));
    }

    [Theory]
    [InlineData(Parameters)]
    [InlineData(Resources)]
    [InlineData(Trial)]
    public async Task TRX_06_errors_of_a_node_are_never_read_as_an_answer(string path)
    {
        Say(path, """{"Error":"class java.lang.Exception : lack of computing resources"}""");
        await FaultAsync(NodeFault.RateLimited, () => _fees.EstimateAsync(Call, default));
        Say(path, "this API is closed because this node is a lite fullnode");
        await FaultAsync(NodeFault.Refused, () => _fees.EstimateAsync(Call, default));
        Say(path, "{}", 503);
        await FaultAsync(NodeFault.Unavailable, () => _fees.EstimateAsync(Call, default));
    }

    [Fact]
    public async Task Senseless_call_is_refused_before_a_node_is_asked()
    {
        await Should.ThrowAsync<ArgumentException>(() => _fees.EstimateAsync(Call with { FeeLimitSun = 0 }, default));
        _node.Asked.ShouldBeEmpty();
    }

    /// <summary>Parameters among which everything else is right.</summary>
    private static string Listed(string more) =>
        $$"""
            {"chainParameter":[{"key":"getTransactionFee","value":1000},{"key":"getMaxFeeLimit","value":7},{{more}}]}
            """;

    private void Say(string path, string text, int status = 200) =>
        _node.Instead = (asked, _, _) => asked == path ? new StubAnswer(text, status) : null;

    private static async Task FaultAsync(NodeFault fault, Func<Task> ask) =>
        (await Should.ThrowAsync<NodeException>(ask)).Fault.ShouldBe(fault);
}
