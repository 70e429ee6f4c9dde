using System.Globalization;
using System.Text;
using System.Text.Json;
using StablePay.Chains.Evm;

namespace StablePay.Testing;

/// <summary>A contract of tests/js/contracts on an anvil node.</summary>
public sealed class TestToken
{
    private readonly AnvilNode _node;

    private TestToken(AnvilNode node, string address) => (_node, Address) = (node, address);

    /// <summary>EIP-55.</summary>
    public string Address { get; }

    public static Task<TestToken> DeployAsync(AnvilNode node, string name, string symbol, int decimals) =>
        DeployAsync(node, "TestToken", Constructor(name, symbol, decimals));

    /// <summary>A token whose issuer can stop and replace it, and keep a fee.</summary>
    public static Task<TestToken> DeployIssuedAsync(AnvilNode node, string name, string symbol, int decimals) =>
        DeployAsync(node, "IssuerToken", Constructor(name, symbol, decimals));

    /// <summary>Emits transfers with nothing behind them.</summary>
    public static Task<TestToken> DeployFakeAsync(AnvilNode node) => DeployAsync(node, "FakeToken", "");

    public static Task<TestToken> DeployCollectibleAsync(AnvilNode node) => DeployAsync(node, "Collectible", "");

    public Task<string> MintAsync(string to, UInt128 value) =>
        CallAsync(_node.Payer, "mint(address,uint256)", to, value);

    public Task<string> TransferAsync(string to, UInt128 value, string? from = null) =>
        CallAsync(from ?? _node.Payer, "transfer(address,uint256)", to, value);

    public Task<string> FreezeAsync(string address) => CallAsync(_node.Payer, "addBlackList(address)", address);

    public Task<string> UnfreezeAsync(string address) => CallAsync(_node.Payer, "removeBlackList(address)", address);

    /// <summary>Burns what a frozen address holds, without a Transfer.</summary>
    public Task<string> DestroyAsync(string address) => CallAsync(_node.Payer, "destroyBlackFunds(address)", address);

    public Task<string> TransferThenRevertAsync(string to, UInt128 value) =>
        CallAsync(_node.Payer, "transferThenRevert(address,uint256)", to, value);

    public Task<string> TryInnerAsync(string to, UInt128 value) =>
        CallAsync(_node.Payer, "tryInner(address,uint256)", to, value);

    public Task<string> EmitHugeAsync(string to) => CallAsync(_node.Payer, "emitHuge(address)", to);

    public Task<string> PretendAsync(string to, UInt128 value) =>
        CallAsync(_node.Payer, "pretend(address,uint256)", to, value);

    public Task<string> GiveAsync(string to, UInt128 id) => CallAsync(_node.Payer, "give(address,uint256)", to, id);

    /// <summary>What the issuer of <see cref="DeployIssuedAsync"/> does to it.</summary>
    public Task<string> SetIssuedAsync(bool paused, bool deprecated, UInt128 fee) =>
        CallAsync(
            _node.Payer,
            "set(uint256,uint256,uint256)",
            paused ? UInt128.One : UInt128.Zero,
            deprecated ? UInt128.One : UInt128.Zero,
            fee
        );

    public Task<string> SprayAsync(UInt128 first, UInt128 count, UInt128 value) =>
        CallAsync(_node.Payer, "spray(uint256,uint256,uint256)", first, count, value);

    /// <summary>Several transfers in one transaction.</summary>
    public Task<string> BatchAsync(params (string To, UInt128 Value)[] transfers)
    {
        var data = new StringBuilder("0x" + Selector("batchTransfer(address[],uint256[])"));
        data.Append(Word(64)).Append(Word((UInt128)(96 + (32 * transfers.Length))));
        data.Append(Word((UInt128)transfers.Length));
        foreach (var (to, _) in transfers)
            data.Append(Word(to));
        data.Append(Word((UInt128)transfers.Length));
        foreach (var (_, value) in transfers)
            data.Append(Word(value));
        return _node.SendAsync(_node.Payer, Address, data.ToString());
    }

    private Task<string> CallAsync(string from, string signature, params object[] arguments) =>
        _node.SendAsync(from, Address, "0x" + Selector(signature) + string.Concat(arguments.Select(Word)));

    private static async Task<TestToken> DeployAsync(AnvilNode node, string contract, string constructor)
    {
        using var artifact = JsonDocument.Parse(
            await File.ReadAllBytesAsync(RepositoryRoot.Of("tests", "js", "artifacts", contract + ".json"))
        );
        var hash = await node.SendAsync(
            node.Payer,
            null,
            artifact.RootElement.GetProperty("bytecode").GetString() + constructor
        );
        await node.MineAsync();
        var receipt = await node.ReceiptAsync(hash) ?? throw new InvalidOperationException($"{contract} was not mined");
        return new TestToken(node, EvmAddress.Parse(receipt.GetProperty("contractAddress").GetString()!).ToString());
    }

    private static string Constructor(string name, string symbol, int decimals) =>
        Word(96) + Word(160) + Word((UInt128)decimals) + Text(name) + Text(symbol);

    /// <summary>A string of at most 32 bytes: its length and one padded word.</summary>
    private static string Text(string value) =>
        Word((UInt128)value.Length) + Convert.ToHexStringLower(Encoding.ASCII.GetBytes(value)).PadRight(64, '0');

    private static string Selector(string signature) => Convert.ToHexStringLower(Abi.Selector(signature));

    private static string Word(object value) =>
        value switch
        {
            string address => address[2..].ToLowerInvariant().PadLeft(64, '0'),
            UInt128 number => number.ToString("x", CultureInfo.InvariantCulture).PadLeft(64, '0'),
            _ => throw new ArgumentException("an address or a number", nameof(value)),
        };

    private static string Word(UInt128 value) => Word((object)value);
}
