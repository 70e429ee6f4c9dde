using System.Text.Json.Nodes;
using StablePay.Chains.Evm;
using StablePay.Chains.Tests.Judges;
using StablePay.Chains.Tron;
using StablePay.Core.Checkout;
using StablePay.Core.Errors;
using StablePay.Core.Ids;
using StablePay.Core.Money;
using StablePay.Core.Networks;
using StablePay.Core.Primitives;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Tron;

/// <summary>Transfers that a payer's wallet signs: made as tronweb makes them, and nothing else is sent.</summary>
public sealed class TronPayerTests : IClassFixture<Judge>, IAsyncDisposable
{
    private const string Broadcast = "/wallet/broadcasttransaction";
    private const string Taken = """{"result":true,"txid":"00"}""";

    private readonly TronStub _tron = new();
    private readonly Judge _judge;

    public TronPayerTests(Judge judge)
    {
        _judge = judge;
        // The first block of a chain has no time of its own, and is not what wallets name.
        for (var i = 0; i < 5; i++)
            _tron.Node1.Chain.Mine();
    }

    private IPayerTransfers Payers => (IPayerTransfers)_tron.Chain;

    public ValueTask DisposeAsync() => _tron.DisposeAsync();

    [Heavy]
    [Fact]
    public async Task Transfer_is_the_one_that_tronweb_makes_of_the_same_values()
    {
        var made = await MadeAsync();
        var judged = _judge.Ask("tronTransfer", [made]).Single();
        judged["refused"].ShouldBeNull($"{judged}");
        judged["id"]!.GetValue<string>().ShouldBe(made["txID"]!.GetValue<string>());
        judged["raw"]!.GetValue<string>().ShouldBe(made["raw_data_hex"]!.GetValue<string>());
        judged["checked"]!.GetValue<bool>().ShouldBeTrue();

        var raw = made["raw_data"]!;
        var value = raw["contract"]![0]!["parameter"]!["value"]!;
        value["owner_address"]!.GetValue<string>().ShouldBe(TronAddress.Parse(TronStub.Payer).ToHex());
        value["contract_address"]!.GetValue<string>().ShouldBe(TronAddress.Parse(TronStub.Usdt.Contract).ToHex());
        var call = Hex.Parse("0x" + value["data"]!.GetValue<string>());
        call[..68].ShouldBe(Abi.Transfer(TronAddress.Parse(TronStub.Us).Bytes, 41_440_000));
        call[68..].ShouldBe(Order.Reference.Short.ToArray());
        raw["expiration"]!.GetValue<long>().ShouldBe(Order.Until.UnixMs);
    }

    [Fact]
    public async Task Transfer_names_the_solidified_block()
    {
        for (var i = 0; i < 5; i++)
            _tron.Node1.Chain.Mine();
        var solid = (await _tron.Chain.FinalizedAsync(default)).ShouldNotBeNull();
        var raw = (await MadeAsync())["raw_data"]!;
        raw["ref_block_bytes"]!.GetValue<string>().ShouldBe(solid.Hash[12..16]);
        raw["ref_block_hash"]!.GetValue<string>().ShouldBe(solid.Hash[16..32]);
    }

    [Fact]
    public async Task Signed_transfer_is_sent_with_its_signature_once_or_twice()
    {
        var signed = await SignedAsync();
        var question = "";
        _tron.Node1.Instead = (path, asked, _) =>
        {
            if (path != Broadcast)
                return null;
            question = asked.ToJsonString();
            return new StubAnswer(Taken);
        };
        (await SendAsync(signed)).Value.ShouldBe(signed["txID"]!.GetValue<string>());
        JsonNode.DeepEquals(JsonNode.Parse(question), signed).ShouldBeTrue(question);
        _tron.Say(Broadcast, """{"code":"DUP_TRANSACTION_ERROR","message":"44"}""");
        (await SendAsync(signed)).Value.ShouldBe(signed["txID"]!.GetValue<string>());
    }

    public static TheoryData<string> Changes =>
        [
            "txID",
            "raw_data.expiration",
            "raw_data.timestamp",
            "raw_data.ref_block_bytes",
            "raw_data.ref_block_hash",
            "signature",
            "signature.short",
            "not json",
            "array",
        ];

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task Another_transaction_is_never_sent(string change)
    {
        var signed = await SignedAsync();
        var text = change switch
        {
            "not json" => "{",
            "array" => "[]",
            "signature" => Without(signed, "signature"),
            "signature.short" => With(signed, json => json["signature"] = new JsonArray("00")),
            "txID" => With(signed, json => json["txID"] = new string('0', 64)),
            _ => With(
                signed,
                json =>
                {
                    var (raw, name) = (json["raw_data"]!, change.Split('.')[1]);
                    raw[name] =
                        raw[name]!.GetValueKind() == System.Text.Json.JsonValueKind.Number
                            ? raw[name]!.GetValue<long>() - 1
                            : new string('f', raw[name]!.GetValue<string>().Length);
                }
            ),
        };
        // Said even of a transaction that a node would take.
        _tron.Say(Broadcast, Taken);
        Refused(await Payers.SendAsync(Order, text, default), "transaction");
        _tron.Node1.Asked.ShouldNotContain(Broadcast);
    }

    [Fact]
    public async Task Signed_transfer_of_another_payment_is_not_sent()
    {
        var signed = (await SignedAsync()).ToJsonString();
        PayerOrder[] others =
        [
            Order with
            {
                Amount = new TokenAmount(TronStub.Usdt, 41_440_001),
            },
            Order with
            {
                To = TronStub.AddressOf(1),
            },
            Order with
            {
                Payer = TronStub.Us,
            },
            Order with
            {
                Reference = PaymentReference.Of(new SessionId("sess_2"), TronStub.Usdt, TronStub.Us),
            },
            // It would outlive the payment.
            Order with
            {
                Until = Order.Until - TimeSpan.FromSeconds(1),
            },
        ];
        foreach (var other in others)
            Refused(await Payers.SendAsync(other, signed, default), "transaction");
        _tron.Node1.Asked.ShouldNotContain(Broadcast);
    }

    [Fact]
    public async Task Refusal_of_a_node_is_one_and_a_node_that_is_busy_or_silent_leaves_it_open()
    {
        var signed = await SignedAsync();
        _tron.Say(Broadcast, """{"code":"CONTRACT_VALIDATE_ERROR","txid":"00","message":"44"}""");
        Refused(await SendAsync(signed), "transaction");
        _tron.Say(Broadcast, """{"code":"SERVER_BUSY"}""");
        await Should.ThrowAsync<NodeException>(() => SendAsync(signed));
        _tron.Say(Broadcast, "", 500);
        await Should.ThrowAsync<NodeException>(() => SendAsync(signed));
    }

    [Fact]
    public async Task Payer_that_is_no_address_is_named()
    {
        foreach (var payer in new[] { "", "0x00", TronStub.Payer[..33] + "x", TronStub.Payer + " " })
        {
            Refused(await Payers.MakeAsync(Order with { Payer = payer }, default), "payer");
            Refused(await Payers.SendAsync(Order with { Payer = payer }, "{}", default), "payer");
        }
    }

    private PayerOrder Order =>
        new(
            TronStub.Payer,
            TronStub.Us,
            new TokenAmount(TronStub.Usdt, 41_440_000),
            PaymentReference.Of(new SessionId("sess_1"), TronStub.Usdt, TronStub.Us),
            Instant.FromUnixSeconds(_tron.Node1.Chain.Tip.Time),
            Instant.FromUnixSeconds(_tron.Node1.Chain.Tip.Time + 600)
        );

    private async Task<JsonObject> MadeAsync() =>
        JsonNode.Parse((await Payers.MakeAsync(Order, default)).Value)!.AsObject();

    /// <summary>The signature is made up: the stub checks none, a node and the emulator do.</summary>
    private async Task<JsonObject> SignedAsync()
    {
        var made = await MadeAsync();
        made["signature"] = new JsonArray(new string('7', 130));
        return made;
    }

    private Task<Result<string>> SendAsync(JsonObject signed) =>
        Payers.SendAsync(Order, signed.ToJsonString(), default);

    private static void Refused(Result<string> result, string param)
    {
        result.Rejection.ShouldNotBeNull().Code.ShouldBe(ErrorCode.ParameterInvalid);
        result.Rejection!.Param.ShouldBe(param);
    }

    private static string Without(JsonObject json, string name) => With(json, j => j.Remove(name));

    private static string With(JsonObject json, Action<JsonObject> change)
    {
        var copy = json.DeepClone().AsObject();
        change(copy);
        return copy.ToJsonString();
    }
}
