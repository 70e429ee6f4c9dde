using System.Text.Json;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Keys;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tests.Contract;
using StablePay.Chains.Tron;
using StablePay.Core.Money;
using StablePay.Core.Networks;

namespace StablePay.Nodes.Tests;

/// <summary>Transactions signed here are taken and executed by the emulator, and cost there what was estimated.</summary>
public sealed class TronSendTests : IAsyncLifetime
{
    private static readonly byte[] Key = Hex.Parse(string.Concat(Enumerable.Repeat("46", 32)));

    private static readonly byte[] Reference = Hex.Parse("000102030405060708090a0b0c0d0e0f");

    private readonly HttpClient _http = new();
    private TronRig _rig = null!;
    private TronApi _api = null!;

    private static TronAddress Us { get; } = new(EvmAddress.FromPublicKey(Secp256k1.PublicKey(Key)));

    private Token Usdt => _rig.TokenOf(0);

    public async ValueTask InitializeAsync()
    {
        _rig = await TronRig.StartAsync();
        _api = new TronApi(_http, [new NodeAddress(_rig.Node.Url)], RpcLimits.Default);
        await _rig.Node.FundAsync(Us, 100_000_000);
        await _rig.PayAsync(new Payment(Usdt, 50_000_000, Us.ToString()));
        await _rig.MineAsync();
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task TRX_12_transfer_with_a_reference_is_executed_and_costs_what_was_estimated()
    {
        var ready = (await EstimateAsync(1, 20_000_000)).ShouldBeOfType<TronEstimate.Ready>();
        var signed = TronTransactions.Sign(ready.Call, Key);
        await TakenAsync(signed);
        await _rig.MineAsync();

        var receipt = (await InfoAsync(signed)).GetProperty("receipt");
        receipt.GetProperty("result").GetString().ShouldBe("SUCCESS");
        receipt.GetProperty("energy_usage_total").GetInt64().ShouldBe(ready.Cost.Energy);
        receipt.GetProperty("net_usage").GetInt64().ShouldBe(ready.Cost.Bandwidth);
        ((UInt128)receipt.GetProperty("energy_fee").GetInt64()).ShouldBe(ready.Cost.BurntSun);
        (await ReadHeadAsync(_rig.AddressOf(1)))
            .ShouldHaveSingleItem()
            .ShouldSatisfyAllConditions(
                t => t.TransactionHash.ShouldBe(Hex.ToHex(signed.Id.Span)),
                t => t.From.ShouldBe(Us.ToString()),
                t => t.Amount.ShouldBe(new TokenAmount(Usdt, 20_000_000))
            );

        var twice = await SendAsync(signed);
        twice.GetProperty("code").GetString().ShouldBe("DUP_TRANSACTION_ERROR");
        // The day's free bandwidth does not cover a second one: it is paid for whole.
        var next = (await EstimateAsync(1, 5)).ShouldBeOfType<TronEstimate.Ready>().Cost;
        next.BurntSun.ShouldBe(next.EnergySun + ((UInt128)next.Bandwidth * 1_000));
    }

    [Fact]
    public async Task TRX_12_energy_differs_by_target_and_what_would_fail_is_not_sent()
    {
        var toNew = (await EstimateAsync(2, 5)).ShouldBeOfType<TronEstimate.Ready>().Cost.Energy;
        await _rig.PayAsync(new Payment(Usdt, 1, _rig.AddressOf(2)));
        await _rig.MineAsync();
        var toHolder = (await EstimateAsync(2, 5)).ShouldBeOfType<TronEstimate.Ready>().Cost.Energy;
        toNew.ShouldBeGreaterThan(toHolder + 10_000);

        (await EstimateAsync(2, 50_000_001)).ShouldBeOfType<TronEstimate.WouldFail>().Reason.ShouldContain("REVERT");
        (await EstimateAsync(2, 5, cap: 100_000)).ShouldBeOfType<TronEstimate.AboveCap>();
    }

    [Fact]
    public async Task TRX_12_call_that_gets_less_than_its_estimate_pays_nothing()
    {
        var ready = (await EstimateAsync(3, 5)).ShouldBeOfType<TronEstimate.Ready>();
        var starved = TronTransactions.Sign(
            ready.Call with
            {
                FeeLimitSun = (long)ready.Cost.EnergySun - (100 * 5_000),
            },
            Key
        );
        await TakenAsync(starved);
        await _rig.MineAsync();
        var receipt = (await InfoAsync(starved)).GetProperty("receipt");
        receipt.GetProperty("result").GetString().ShouldBe("OUT_OF_ENERGY");
        (await ReadHeadAsync(_rig.AddressOf(3))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Transfer_of_TRX_is_executed()
    {
        var signed = TronTransactions.Sign(
            new TronTransaction.NativeTransfer
            {
                Validity = await ValidityAsync(),
                Owner = Us,
                To = TronAddress.Parse(_rig.AddressOf(4)),
                AmountSun = 1_234_567,
            },
            Key
        );
        await TakenAsync(signed);
        await _rig.MineAsync();
        var account = await AskAsync("/wallet/getaccount", $$"""{"address":"{{_rig.AddressOf(4)}}"}""");
        account.GetProperty("balance").GetInt64().ShouldBe(1_234_567);
    }

    private async Task<TronEstimate> EstimateAsync(int target, ulong atoms, long cap = 100_000_000) =>
        await new TronFees(_api).EstimateAsync(
            new TronTransaction.ContractCall
            {
                Validity = await ValidityAsync(),
                Owner = Us,
                Contract = TronAddress.Parse(Usdt.Contract),
                Data = Abi.Transfer(TronAddress.Parse(_rig.AddressOf(target)).Bytes, atoms, Reference),
                FeeLimitSun = cap,
            },
            default
        );

    private async Task<TronValidity> ValidityAsync()
    {
        var head = await _rig.Chain.HeaderAtAsync(await _rig.Chain.HeadAsync(default), default);
        return TronValidity.Of(head.ShouldNotBeNull(), TimeSpan.FromMinutes(10));
    }

    private async Task<IReadOnlyList<ObservedTransfer>> ReadHeadAsync(string address)
    {
        var head = await _rig.Chain.HeaderAtAsync(await _rig.Chain.HeadAsync(default), default);
        return (
            await _rig.Chain.TransfersAsync(head.ShouldNotBeNull(), new Ours(_rig.Chain, address), default)
        ).Transfers;
    }

    private async Task TakenAsync(SignedTronTransaction signed)
    {
        var answer = await SendAsync(signed);
        answer.TryGetProperty("code", out _).ShouldBeFalse(answer.GetRawText());
        answer.GetProperty("result").GetBoolean().ShouldBeTrue();
        answer.GetProperty("txid").GetString().ShouldBe(Hex.ToHex(signed.Id.Span));
    }

    private Task<JsonElement> SendAsync(SignedTronTransaction signed) =>
        AskAsync("/wallet/broadcasthex", $$"""{"transaction":"{{Hex.ToHex(signed.Raw.Span)}}"}""");

    private Task<JsonElement> InfoAsync(SignedTronTransaction signed) =>
        AskAsync("/wallet/gettransactioninfobyid", $$"""{"value":"{{Hex.ToHex(signed.Id.Span)}}"}""");

    private Task<JsonElement> AskAsync(string path, string question) =>
        _api.CallAsync(path, question, (ref Utf8JsonReader json) => JsonElement.ParseValue(ref json), default);
}
