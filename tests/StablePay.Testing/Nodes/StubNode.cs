using System.Text.Json.Nodes;
using StablePay.Chains.Evm;

namespace StablePay.Testing.Nodes;

/// <summary>A stub of an EVM node.</summary>
public sealed class StubNode(StubChain? chain = null) : RpcStubNode(chain)
{
    private static readonly string BalanceOf = Hex.ToData(Abi.Selector("balanceOf(address)"));
    private static readonly string IsFrozen = Hex.ToData(Abi.Selector("isBlackListed(address)"));

    public long ChainId { get; set; } = 1;

    /// <summary>Contract to decimals; other contracts have no code.</summary>
    public Dictionary<string, int> Decimals { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>What functions without arguments answer, by contract and signature; others are reverted.</summary>
    public Dictionary<(string Contract, string Signature), string> Functions { get; } = [];

    /// <summary>Words of storage that are not zero, by contract and slot.</summary>
    public Dictionary<(string Contract, string Slot), string> Storage { get; } = [];

    /// <summary>A number as a word: <c>0x</c> and 64 digits.</summary>
    public static string Word(long value) => "0x" + StubBlock.Quantity(value)[2..].PadLeft(64, '0');

    public override JsonNode? TruthOf(StubCall call)
    {
        var first = call.Parameters.Count > 0 ? call.Parameters[0] : null;
        switch (call.Method)
        {
            case "eth_chainId":
                return StubBlock.Quantity(ChainId);
            case "eth_blockNumber":
                return StubBlock.Quantity(Head);
            case "eth_getBlockByNumber":
                return Visible(Chain.At(HeightOf(first!.GetValue<string>())))?.ToHeader();
            case "eth_getBlockByHash":
                return Visible(Chain.ByHash(first!.GetValue<string>()))?.ToHeader();
            case "eth_getBlockReceipts":
                return Visible(Chain.ByHash(first!.GetValue<string>())) is { } block
                    ? new JsonArray([.. block.ToReceipts()])
                    : null;
            case "eth_getTransactionReceipt":
                var hash = first!.GetValue<string>();
                return Visible(Chain.Holding(hash))
                    ?.ToReceipts()
                    .FirstOrDefault(r => r["transactionHash"]!.GetValue<string>() == hash);
            case "eth_getLogs":
                return Logs(first!.AsObject());
            case "eth_getCode":
                return Decimals.ContainsKey(first!.GetValue<string>()) ? "0x6001" : "0x";
            case "eth_call":
                return Call(
                    first!["to"]!.GetValue<string>(),
                    first["data"]!.GetValue<string>(),
                    () => BlockOf(call.Parameters[1]!)
                );
            case "eth_getStorageAt":
                return Storage.GetValueOrDefault(
                    (first!.GetValue<string>(), call.Parameters[1]!.GetValue<string>()),
                    Word(0)
                );
            default:
                throw Unknown($"the method {call.Method} does not exist/is not available");
        }
    }

    private string Call(string contract, string data, Func<StubBlock> after)
    {
        if (data == Hex.ToData(Abi.Decimals()))
            return Word(Decimals[contract]);
        if (data.StartsWith(BalanceOf, StringComparison.Ordinal) && Decimals.ContainsKey(contract))
            return "0x" + WordOf(Balance(Chain, after(), contract.ToLowerInvariant(), "0x" + data[BalanceOf.Length..]));
        if (SaysFrozen && data.StartsWith(IsFrozen, StringComparison.Ordinal))
            return Word(1);
        foreach (var ((of, signature), answer) in Functions)
            if (of == contract && data == Hex.ToData(Abi.Selector(signature)))
                return answer;
        throw new StubRefusedException(3, "execution reverted");
    }

    /// <summary>The block that a call is about: by its name, or by its hash if it is in this node's chain.</summary>
    private StubBlock BlockOf(JsonNode which)
    {
        if (which is not JsonObject named)
            return Chain.At(HeightOf(which.GetValue<string>())) ?? throw Unknown("header not found");
        var block = Visible(Chain.ByHash(named["blockHash"]!.GetValue<string>())) ?? throw Unknown("header not found");
        return Chain.At(block.Height)?.Hash == block.Hash ? block : throw Unknown("hash is not currently canonical");
    }

    private JsonArray Logs(JsonObject filter)
    {
        if (Visible(Chain.ByHash(filter["blockHash"]!.GetValue<string>())) is not { } block)
            throw Unknown("unknown block");
        var contracts = filter["address"]!.AsArray().Select(a => a!.GetValue<string>()).ToList();
        var topic = filter["topics"]![0]!.GetValue<string>();
        return new JsonArray([
            .. block
                .ToLogs()
                .Where(l =>
                    contracts.Contains(l["address"]!.GetValue<string>(), StringComparer.OrdinalIgnoreCase)
                    && l["topics"]!.AsArray() is [{ } t, ..]
                    && t.GetValue<string>() == topic
                ),
        ]);
    }

    private static StubRefusedException Unknown(string what) => new(-32000, what);

    private long HeightOf(string which) =>
        which switch
        {
            "finalized" => Math.Max(0, Head - FinalizedDistance),
            "latest" => Head,
            _ => AnvilNode.ReadHex(which),
        };
}
