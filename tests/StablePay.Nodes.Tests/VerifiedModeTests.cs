using System.Text.Json.Nodes;
using StablePay.Chains;
using StablePay.Chains.Evm;
using StablePay.Chains.Tests.Contract;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Nodes.Tests;

/// <summary>
/// Verified mode against the blocks of a real node (EVM-16): its header hashes and receipt roots are the judge of ours,
/// and what a liar changes on the way is found.
/// </summary>
public sealed class VerifiedModeTests : IAsyncLifetime
{
    private AnvilRig _rig = null!;
    private LyingNode _liar = null!;

    public async ValueTask InitializeAsync()
    {
        _rig = await AnvilRig.StartAsync();
        _liar = new LyingNode(_rig.Node.Url);
    }

    public async ValueTask DisposeAsync()
    {
        await _liar.DisposeAsync();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Blocks_of_every_form_of_transaction_are_recomputed_and_read()
    {
        var chain = _rig.Verified();
        var ours = new Ours(chain, _rig.AddressOf(0));
        var one = await _rig.PayAsync(new Payment(_rig.TokenOf(0), 7, _rig.AddressOf(0)));
        var many = await _rig.PayAsync(
            new Payment(_rig.TokenOf(1), 11, _rig.AddressOf(3)),
            new Payment(_rig.TokenOf(1), 12, _rig.AddressOf(0))
        );
        await _rig.PayAsync(reverted: true, new Payment(_rig.TokenOf(0), 9, _rig.AddressOf(0)));
        await SendAsync(new { gasPrice = "0x77359400" });
        await SendAsync(
            new
            {
                gasPrice = "0x77359400",
                accessList = new[] { new { address = _rig.AddressOf(9), storageKeys = Array.Empty<string>() } },
            }
        );
        await _rig.MineAsync();
        (await ReadTipAsync(chain, ours))
            .Transfers.Select(t => (t.TransactionHash, t.Position, t.Amount.Atoms))
            .ShouldBe([(one, 0, (UInt128)7), (many, 1, (UInt128)12)]);
        // Blocks before and after, empty ones among them, have hashes of their own.
        await _rig.MineAsync(2);
        for (var height = 0L; height <= await _rig.Node.HeightAsync(); height++)
            (await chain.HeaderAtAsync(height, default)).ShouldNotBeNull();
    }

    /// <summary>Places in a block change the length of their key at 128 and at 256.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(127)]
    [InlineData(129)]
    [InlineData(260)]
    public async Task Root_of_many_receipts_is_the_nodes(int transactions)
    {
        for (var i = 0; i < transactions - 1; i++)
            await _rig.Node.SendAsync(_rig.Node.OtherPayer, _rig.AddressOf(i), "0x", 21_000);
        await _rig.PayAsync(new Payment(_rig.TokenOf(0), 7, _rig.AddressOf(0)));
        await _rig.MineAsync();
        var block = await _rig.Node.Rpc.CallAsync("eth_getBlockByNumber", "latest", false);
        block.GetProperty("transactions").GetArrayLength().ShouldBe(transactions);
        var chain = _rig.Verified();
        (await ReadTipAsync(chain, new Ours(chain, _rig.AddressOf(0)))).Transfers.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task EVM_16_receipts_with_another_amount_are_believed_by_a_plain_reader_and_found_by_a_verifying_one()
    {
        await _rig.PayAsync(new Payment(_rig.TokenOf(0), 7, _rig.AddressOf(0)));
        await _rig.MineAsync();
        _liar.Lie = (method, result) =>
            method is "eth_getLogs" or "eth_getTransactionReceipt" or "eth_getBlockReceipts"
                ? JsonNode.Parse(result.ToJsonString().Replace(Word(7), Word(7_000_000), StringComparison.Ordinal))
                : null;
        var believing = _rig.Believing(_liar.Url);
        (await ReadTipAsync(believing, new Ours(believing, _rig.AddressOf(0))))
            .Transfers.ShouldHaveSingleItem()
            .Amount.Atoms.ShouldBe((UInt128)7_000_000);
        await FindsAsync("root");
    }

    [Fact]
    public async Task EVM_16_reverted_transaction_that_is_told_as_a_success_is_found()
    {
        await _rig.PayAsync(new Payment(_rig.TokenOf(0), 7, _rig.AddressOf(0)));
        await _rig.MineAsync();
        _liar.Lie = (method, result) =>
            method == "eth_getBlockReceipts"
                ? JsonNode.Parse(
                    result.ToJsonString().Replace("\"status\":\"0x1\"", "\"status\":\"0x0\"", StringComparison.Ordinal)
                )
                : null;
        await FindsAsync("root");
    }

    [Fact]
    public async Task EVM_16_receipt_that_is_left_out_is_found()
    {
        await _rig.PayAsync(new Payment(_rig.TokenOf(0), 7, _rig.AddressOf(0)));
        await _rig.PayAsync(new Payment(_rig.TokenOf(0), 8, _rig.AddressOf(1)));
        await _rig.MineAsync();
        _liar.Lie = (method, result) => method == "eth_getBlockReceipts" ? new JsonArray(result[0]!.DeepClone()) : null;
        await FindsAsync("root");
    }

    [Theory]
    [InlineData("receiptsRoot")]
    [InlineData("logsBloom")]
    [InlineData("timestamp")]
    [InlineData("parentHash")]
    [InlineData("stateRoot")]
    [InlineData("baseFeePerGas")]
    public async Task EVM_16_header_with_another(string field)
    {
        await _rig.PayAsync(new Payment(_rig.TokenOf(0), 7, _rig.AddressOf(0)));
        await _rig.MineAsync();
        _liar.Lie = (method, result) =>
        {
            if (!method.StartsWith("eth_getBlockBy", StringComparison.Ordinal))
                return null;
            var block = result.DeepClone();
            var value = block[field]!.GetValue<string>();
            block[field] = value[..^1] + (value[^1] == '1' ? '2' : '1');
            return block;
        };
        var chain = _rig.Verified(_liar.Url);
        var fault = await Should.ThrowAsync<NodeException>(() => chain.HeaderAtAsync(1, default));
        (fault.Fault, fault.Message.Contains("hashes to", StringComparison.Ordinal)).ShouldBe(
            (NodeFault.Malformed, true)
        );
    }

    private async Task FindsAsync(string what)
    {
        var chain = _rig.Verified(_liar.Url);
        var fault = await Should.ThrowAsync<NodeException>(() =>
            ReadTipAsync(chain, new Ours(chain, _rig.AddressOf(0), _rig.AddressOf(1)))
        );
        (fault.Fault, fault.Message.Contains(what, StringComparison.Ordinal)).ShouldBe((NodeFault.Malformed, true));
    }

    private static async Task<BlockTransfers> ReadTipAsync(IChain chain, Ours ours)
    {
        var header = await chain.HeaderAtAsync(await chain.HeadAsync(default), default);
        return await chain.TransfersAsync(header!, ours, default);
    }

    private async Task SendAsync(object fields)
    {
        var transaction = JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(fields))!.AsObject();
        (transaction["from"], transaction["to"], transaction["value"]) = (
            _rig.Node.OtherPayer,
            _rig.AddressOf(8),
            "0x1"
        );
        await _rig.Node.Rpc.CallAsync("eth_sendTransaction", transaction);
    }

    /// <summary>A number as 32 bytes of hex.</summary>
    private static string Word(ulong value) => value.ToString("x64", System.Globalization.CultureInfo.InvariantCulture);
}
