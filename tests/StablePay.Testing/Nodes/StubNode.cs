using System.Text.Json.Nodes;

namespace StablePay.Testing.Nodes;

/// <summary>A stub of an EVM node.</summary>
public sealed class StubNode(StubChain? chain = null) : RpcStubNode(chain)
{
    public long ChainId { get; set; } = 1;

    /// <summary>Contract to decimals; other contracts have no code.</summary>
    public Dictionary<string, int> Decimals { get; } = new(StringComparer.OrdinalIgnoreCase);

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
                return "0x" + StubBlock.Quantity(Decimals[first!["to"]!.GetValue<string>()])[2..].PadLeft(64, '0');
            default:
                throw Unknown($"the method {call.Method} does not exist/is not available");
        }
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
