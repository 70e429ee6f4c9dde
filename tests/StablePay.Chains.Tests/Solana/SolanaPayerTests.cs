using System.Text.Json.Nodes;
using StablePay.Chains.Keys;
using StablePay.Chains.Solana;
using StablePay.Core.Checkout;
using StablePay.Core.Errors;
using StablePay.Core.Ids;
using StablePay.Core.Money;
using StablePay.Core.Primitives;
using StablePay.Testing.Nodes;

namespace StablePay.Chains.Tests.Solana;

/// <summary>
/// Transfers that a payer's wallet signs: what they name, and that nothing else is sent. The nodes are stubs: what a
/// runtime makes of the bytes is the node tests' matter, and what kit reads in them the judged tests'.
/// </summary>
public sealed class SolanaPayerTests : IAsyncDisposable
{
    private const string Send = "sendTransaction";
    private const int KeysAt = 1 + Ed25519.SignatureLength + 4;

    private readonly SolanaStub _solana = new(nodes: 2);

    public SolanaPayerTests() => _solana.Node1.Chain.Mine();

    private IPayerTransfers Payers => (IPayerTransfers)_solana.Chain;

    private static PayerOrder Order { get; } =
        new(
            SolanaStub.Payer,
            SolanaStub.Us,
            new TokenAmount(SolanaStub.Usdt, 41_440_000),
            PaymentReference.Of(new SessionId("sess_1"), SolanaStub.Usdt, SolanaStub.Us),
            Instant.FromUnixSeconds(1_800_000_000),
            Instant.FromUnixSeconds(1_800_000_600)
        );

    public ValueTask DisposeAsync() => _solana.DisposeAsync();

    [Fact]
    public async Task Transfer_is_between_both_token_accounts_and_names_a_confirmed_blockhash()
    {
        var asked = new JsonArray();
        _solana.Node1.Instead = call =>
        {
            if (call.Method == "getLatestBlockhash")
                asked = call.Parameters;
            return null;
        };
        var made = await MadeAsync();
        asked.ToJsonString().ShouldBe("""[{"commitment":"confirmed"}]""");
        var (payer, us, mint) = (
            SolanaAddress.Parse(SolanaStub.Payer),
            SolanaAddress.Parse(SolanaStub.Us),
            SolanaAddress.Parse(SolanaStub.Usdt.Contract)
        );
        var message = new TokenTransferMessage(
            payer,
            SolanaPrograms.AssociatedAccountOf(payer, mint, SolanaPrograms.Token),
            us,
            SolanaPrograms.AssociatedAccountOf(us, mint, SolanaPrograms.Token),
            mint,
            SolanaPrograms.Token,
            Blockhash
        );
        made.ShouldBe(message.Unsigned(41_440_000, 6, Order.Reference));
    }

    [Fact]
    public async Task Signed_transfer_is_sent_as_it_is_after_the_node_has_tried_it()
    {
        var signed = await SignedAsync();
        var asked = new JsonArray();
        _solana.Node1.Instead = call =>
        {
            if (call.Method == Send)
                asked = call.Parameters;
            return null;
        };
        (await SendAsync(signed)).Value.ShouldBe(IdOf(signed));
        asked[0]!.GetValue<string>().ShouldBe(Convert.ToBase64String(signed));
        asked[1]!.ToJsonString().ShouldBe("""{"encoding":"base64","preflightCommitment":"confirmed"}""");
    }

    /// <summary>Every byte is either taken over and signed, or must be as it was made.</summary>
    [Fact]
    public async Task Changed_transaction_is_never_sent_whichever_byte_it_is()
    {
        var signed = await SignedAsync();
        for (var at = 0; at < signed.Length; at++)
        {
            byte[] changed = [.. signed];
            changed[at] ^= 1;
            Refused(await SendAsync(changed), "transaction", $"byte {at}");
        }
        foreach (var other in new[] { signed[..^1], [.. signed, 0], [], new byte[signed.Length] })
            Refused(await SendAsync(other), "transaction");
        foreach (var text in new[] { "", "{", "AAAA", "%" })
            Refused(await Payers.SendAsync(Order, text, default), "transaction");
        _solana.Node1.Asked.ShouldNotContain(Send);
        (await SendAsync(signed)).Value.ShouldBe(IdOf(signed));
    }

    /// <summary>What the payer himself signed is no reason to send something else.</summary>
    [Fact]
    public async Task Transaction_that_its_payer_changed_and_signed_is_never_sent()
    {
        var made = await MadeAsync();
        for (var at = KeysAt + SolanaAddress.Length; at < made.Length; at++)
        {
            byte[] changed = [.. made];
            changed[at] ^= 1;
            // Another blockhash is another recent block, or none: the node knows which. Its ends are enough to send.
            var place = at - KeysAt - (9 * SolanaAddress.Length);
            if (place is 0 or TokenTransferMessage.BlockhashLength - 1)
                (await SendAsync(Signed(changed))).Rejection.ShouldBeNull($"byte {at}");
            else if (place is < 0 or >= TokenTransferMessage.BlockhashLength)
                Refused(await SendAsync(Signed(changed)), "transaction", $"byte {at}");
        }
        _solana.Node1.CountOf(Send).ShouldBe(2);
    }

    [Fact]
    public async Task Signature_of_somebody_else_is_not_sent()
    {
        Refused(await SendAsync(Signed(await MadeAsync(), "somebody else")), "transaction");
        Refused(await SendAsync(await MadeAsync()), "transaction");
        _solana.Node1.Asked.ShouldNotContain(Send);
    }

    [Fact]
    public async Task Signed_transfer_of_another_payment_is_not_sent()
    {
        var signed = Convert.ToBase64String(await SignedAsync());
        PayerOrder[] others =
        [
            Order with
            {
                Amount = new TokenAmount(SolanaStub.Usdt, 41_440_001),
            },
            Order with
            {
                Amount = new TokenAmount(Networks.Solana.Tokens[1], 41_440_000),
            },
            Order with
            {
                To = SolanaStub.AddressOf(1),
            },
            Order with
            {
                Payer = SolanaStub.AddressOf(2),
            },
            Order with
            {
                Reference = PaymentReference.Of(new SessionId("sess_2"), SolanaStub.Usdt, SolanaStub.Us),
            },
        ];
        foreach (var other in others)
            Refused(await Payers.SendAsync(other, signed, default), "transaction");
        _solana.Node1.Asked.ShouldNotContain(Send);
    }

    public static TheoryData<string, bool> Repetitions =>
        new()
        {
            { """{"err":"AlreadyProcessed","logs":[]}""", true },
            { "null", true },
            { """{"err":"AlreadyProcessed","logs":[]}""", false },
        };

    [Theory]
    [MemberData(nameof(Repetitions))]
    public async Task Transfer_that_is_in_a_block_already_was_sent(string data, bool hasWords)
    {
        var signed = await SignedAsync();
        var words = hasWords ? "This transaction has already been processed" : "see the outcome";
        Say(-32002, "Transaction simulation failed: " + words, data);
        (await SendAsync(signed)).Value.ShouldBe(IdOf(signed));
    }

    [Theory]
    [InlineData(-32002, "Transaction simulation failed: ", """{"err":{"InstructionError":[1,{"Custom":1}]}}""")]
    [InlineData(-32002, "Transaction simulation failed: Blockhash not found", """{"err":"BlockhashNotFound"}""")]
    [InlineData(-32002, "Transaction simulation failed: Blockhash not found", "null")]
    [InlineData(-32003, "Transaction signature verification failure", "null")]
    public async Task Refusal_of_a_node_is_one_and_no_other_node_is_asked(int code, string words, string data)
    {
        var signed = await SignedAsync();
        Say(code, words, data);
        Refused(await SendAsync(signed), "transaction");
        _solana.Nodes[1].Asked.ShouldNotContain(Send);
    }

    [Theory]
    [InlineData(-32005, "Node is unhealthy", """{"numSlotsBehind":42}""")]
    [InlineData(-32002, "Too many requests", "null")]
    [InlineData(-32603, "Internal error", "null")]
    [InlineData(-32601, "Method not found", "null")]
    public async Task What_is_no_clear_refusal_leaves_it_open_when_no_node_takes_it(int code, string words, string data)
    {
        var signed = await SignedAsync();
        foreach (var node in _solana.Nodes)
            Say(node, code, words, data);
        await Should.ThrowAsync<NodeException>(() => SendAsync(signed));
        _solana.Nodes[1].Instead = null;
        (await SendAsync(signed)).Value.ShouldBe(IdOf(signed));
    }

    /// <summary>The first one may have sent it, and the second one is behind, or has seen the money go.</summary>
    [Fact]
    public async Task Refusal_after_another_node_gave_no_answer_leaves_it_open()
    {
        var signed = await SignedAsync();
        _solana.Node1.Instead = call => call.Method == Send ? new StubAnswer("", 500) : null;
        Say(_solana.Nodes[1], -32002, "Transaction simulation failed", """{"err":"BlockhashNotFound"}""");
        (await Should.ThrowAsync<NodeException>(() => SendAsync(signed))).Fault.ShouldBe(NodeFault.Unavailable);
    }

    [Fact]
    public async Task Node_that_tells_of_another_signature_is_not_believed()
    {
        var signed = await SignedAsync();
        var other = Base58.Encode(new byte[Ed25519.SignatureLength]);
        foreach (var node in _solana.Nodes)
            node.Instead = call => call.Method == Send ? StubAnswer.Result(call, other) : null;
        (await Should.ThrowAsync<NodeException>(() => SendAsync(signed))).Fault.ShouldBe(NodeFault.Malformed);
    }

    [Fact]
    public async Task Payer_that_cannot_sign_such_a_transfer_is_named()
    {
        var account = SolanaPrograms.AssociatedAccountOf(
            SolanaAddress.Parse(SolanaStub.Payer),
            SolanaAddress.Parse(SolanaStub.Usdt.Contract),
            SolanaPrograms.Token
        );
        string[] payers =
        [
            "",
            "0x00",
            SolanaStub.Payer + " ",
            SolanaStub.Payer[..40],
            account.ToString(),
            SolanaStub.Us,
            SolanaStub.Usdt.Contract,
            SolanaPrograms.System.ToString(),
        ];
        foreach (var payer in payers)
        {
            Refused(await Payers.MakeAsync(Order with { Payer = payer }, default), "payer", payer);
            Refused(await Payers.SendAsync(Order with { Payer = payer }, "", default), "payer", payer);
        }
    }

    private byte[] Blockhash
    {
        get
        {
            Base58.TryDecode(_solana.Node1.HashOf(_solana.Node1.Chain.Tip), out var hash).ShouldBeTrue();
            return hash;
        }
    }

    private async Task<byte[]> MadeAsync() => Convert.FromBase64String((await Payers.MakeAsync(Order, default)).Value);

    private async Task<byte[]> SignedAsync() => Signed(await MadeAsync());

    private static byte[] Signed(byte[] made, string name = "payer")
    {
        var message = made[(1 + Ed25519.SignatureLength)..];
        return [made[0], .. Ed25519.Sign(SolanaStubNode.KeyOf(name), message), .. message];
    }

    private static string IdOf(byte[] signed) => Base58.Encode(signed.AsSpan(1, Ed25519.SignatureLength));

    private Task<Result<string>> SendAsync(byte[] signed) =>
        Payers.SendAsync(Order, Convert.ToBase64String(signed), default);

    private void Say(int code, string words, string data) => Say(_solana.Node1, code, words, data);

    private static void Say(SolanaStubNode node, int code, string words, string data) =>
        node.Instead = call =>
        {
            if (call.Method != Send)
                return null;
            var error = new JsonObject
            {
                ["code"] = code,
                ["message"] = words,
                ["data"] = JsonNode.Parse(data),
            };
            return new StubAnswer(
                new JsonObject
                {
                    ["jsonrpc"] = "2.0",
                    ["error"] = error,
                    ["id"] = call.Id.DeepClone(),
                }.ToJsonString()
            );
        };

    private static void Refused(Result<string> result, string param, string? what = null)
    {
        result.Rejection.ShouldNotBeNull(what).Code.ShouldBe(ErrorCode.ParameterInvalid);
        result.Rejection!.Param.ShouldBe(param, what);
    }
}
