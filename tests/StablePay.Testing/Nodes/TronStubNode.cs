using System.Collections.Concurrent;
using System.Collections.Specialized;
using System.Globalization;
using System.Text.Json.Nodes;
using StablePay.Chains.Evm;
using StablePay.Chains.Tron;

namespace StablePay.Testing.Nodes;

/// <summary>
/// A stub of a TRON full node's HTTP API: it executes nothing, it tells what a test scripted, and it can lie, lag and
/// break.
/// </summary>
public sealed class TronStubNode(StubChain? chain = null) : StubServer
{
    public StubChain Chain { get; } = chain ?? new StubChain();

    /// <summary>Contract in its display form to decimals; other contracts do not answer.</summary>
    public Dictionary<string, int> Decimals { get; } = [];

    /// <summary>What functions without arguments answer, by contract and signature; others are reverted.</summary>
    public Dictionary<(string Contract, string Signature), string> Functions { get; } = [];

    /// <summary>What the chain's parameters are, some that nobody here needs among them.</summary>
    public Dictionary<string, long> Parameters { get; } =
        new()
        {
            ["getMaintenanceTimeInterval"] = 21_600_000,
            ["getTransactionFee"] = 1_000,
            ["getAllowUpdateAccountName"] = 0,
            ["getEnergyFee"] = 100,
            ["getMaxFeeLimit"] = 15_000_000_000,
            ["getDynamicEnergyIncreaseFactor"] = 2_000,
        };

    /// <summary>What every call uses.</summary>
    public long Energy { get; set; } = 64_285;

    /// <summary>Newest blocks that this node does not have yet.</summary>
    public int Lag { get; set; }

    /// <summary>How far the solidified block is behind the head.</summary>
    public int SolidDistance { get; set; } = 2;

    /// <summary>Answers instead of the truth, or null to tell it. Gets the path, the question and the truth.</summary>
    public Func<string, JsonNode, Func<JsonNode>, StubAnswer?>? Instead { get; set; }

    /// <summary>The paths asked, in order.</summary>
    public ConcurrentQueue<string> Asked { get; } = [];

    /// <summary>The gateway's keys that came with questions.</summary>
    public ConcurrentQueue<string?> Keys { get; } = [];

    public string GenesisId => IdOf(Chain.Blocks[0]);

    private long Head => Chain.Tip.Height - Lag;

    /// <summary>A block's id as TRON makes it: its height, then the end of its hash.</summary>
    public static string IdOf(StubBlock block) => IdOf(block.Height, block.Hash);

    /// <summary>A transaction's id: hex without 0x.</summary>
    public static string IdOf(StubTransaction transaction) => transaction.Hash[2..];

    /// <summary>A log between addresses in their display form.</summary>
    public static StubLog Transfer(string contract, string from, string to, UInt256 value) =>
        StubLog.Transfer(Evm(contract), Evm(from), Evm(to), value);

    public static string Evm(string address) => TronAddress.Parse(address).Bytes.ToString();

    public override StubAnswer Answer(string path, JsonNode question, NameValueCollection headers)
    {
        Asked.Enqueue(path);
        Keys.Enqueue(headers["TRON-PRO-API-KEY"]);
        return Instead?.Invoke(path, question, () => Truth(path, question))
            ?? new StubAnswer(Truth(path, question).ToJsonString());
    }

    private JsonNode Truth(string path, JsonNode question) =>
        path switch
        {
            "/wallet/getblock" => BlockOf(Chain.At(Head), detailed: false),
            "/walletsolidity/getblock" => BlockOf(Chain.At(Math.Max(0, Head - SolidDistance)), detailed: false),
            "/wallet/getblockbynum" => BlockOf(At(question), detailed: true),
            "/wallet/gettransactioninfobyblocknum" => new JsonArray([
                .. At(question) is { } block ? block.Transactions.Select(t => InfoOf(block, t)) : [],
            ]),
            "/wallet/triggerconstantcontract" => CallOf(question, Head),
            "/walletsolidity/triggerconstantcontract" => CallOf(question, Math.Max(0, Head - SolidDistance)),
            "/wallet/getchainparameters" => new JsonObject
            {
                ["chainParameter"] = new JsonArray([.. Parameters.Select(p => ParameterOf(p.Key, p.Value))]),
            },
            "/wallet/getaccountresource" => new JsonObject { ["freeNetLimit"] = 600 },
            _ => throw new InvalidOperationException($"the stub does not know {path}"),
        };

    // As protocol buffers do, a value of 0 is left out.
    private static JsonObject ParameterOf(string key, long value) =>
        value == 0 ? new JsonObject { ["key"] = key } : new JsonObject { ["key"] = key, ["value"] = value };

    private StubBlock? At(JsonNode question) =>
        question["num"]!.GetValue<long>() is var height && height <= Head ? Chain.At(height) : null;

    private static JsonObject BlockOf(StubBlock? block, bool detailed)
    {
        if (block is null)
            return [];
        var raw = new JsonObject
        {
            ["txTrieRoot"] = new string('0', 64),
            ["witness_address"] = "41" + new string('1', 40),
            ["parentHash"] = block.Height == 0 ? new string('0', 64) : IdOf(block.Height - 1, block.ParentHash),
            ["version"] = 31,
        };
        // What is zero is left out, as protocol buffers do.
        if (block.Height > 0)
            (raw["number"], raw["timestamp"]) = (block.Height, block.Time * 1000);
        var told = new JsonObject
        {
            ["blockID"] = IdOf(block),
            ["block_header"] = new JsonObject { ["raw_data"] = raw, ["witness_signature"] = new string('2', 130) },
        };
        if (detailed && block.Transactions.Count > 0)
            told["transactions"] = new JsonArray([
                .. block.Transactions.Select(t => new JsonObject
                {
                    ["ret"] = new JsonArray(new JsonObject { ["contractRet"] = t.Succeeded ? "SUCCESS" : "REVERT" }),
                    ["signature"] = new JsonArray(new string('3', 130)),
                    ["txID"] = IdOf(t),
                    ["raw_data"] = new JsonObject { ["ref_block_bytes"] = "0001" },
                }),
            ]);
        return told;
    }

    private static JsonObject InfoOf(StubBlock block, StubTransaction transaction)
    {
        var info = new JsonObject
        {
            ["id"] = IdOf(transaction),
            ["fee"] = 345_000,
            ["blockNumber"] = block.Height,
            ["blockTimeStamp"] = block.Time * 1000,
            ["contractResult"] = new JsonArray(""),
            ["receipt"] = new JsonObject
            {
                ["energy_usage_total"] = 64_285,
                ["result"] = transaction.Succeeded ? "SUCCESS" : "REVERT",
            },
        };
        if (!transaction.Succeeded)
            info["result"] = "FAILED";
        if (transaction.Logs.Count > 0)
            info["log"] = new JsonArray([
                .. transaction.Logs.Select(l => new JsonObject
                {
                    ["address"] = l.Contract[2..].ToLowerInvariant(),
                    ["topics"] = new JsonArray([.. l.Topics.Select(t => JsonValue.Create(t[2..]))]),
                    ["data"] = l.Data[2..],
                }),
            ]);
        return info;
    }

    /// <param name="height">The block whose state it sees.</param>
    private JsonObject CallOf(JsonNode question, long height)
    {
        if (
            !TronAddress.TryParseHex(question["contract_address"]!.GetValue<string>(), out var contract)
            || !Decimals.TryGetValue(contract.ToString(), out var decimals)
        )
            return new JsonObject { ["result"] = new JsonObject { ["code"] = "CONTRACT_VALIDATE_ERROR" } };
        var returned = decimals.ToString("x", CultureInfo.InvariantCulture).PadLeft(64, '0');
        if (
            question["function_selector"]?.GetValue<string>() is { } signature
            && signature != "decimals()"
            && !Functions.TryGetValue((contract.ToString(), signature), out returned)
            && (returned = Told(contract, signature, question, height)) is null
        )
            return new JsonObject
            {
                ["result"] = new JsonObject
                {
                    ["result"] = true,
                    ["message"] = Convert.ToHexStringLower("REVERT opcode executed"u8),
                },
                ["energy_used"] = Energy,
                ["transaction"] = new JsonObject { ["ret"] = new JsonArray(new JsonObject { ["ret"] = "FAILED" }) },
                ["constant_result"] = new JsonArray(""),
            };
        return new JsonObject
        {
            ["result"] = new JsonObject { ["result"] = true },
            ["energy_used"] = Energy,
            ["transaction"] = new JsonObject { ["ret"] = new JsonArray(new JsonObject()) },
            ["constant_result"] = new JsonArray(returned),
        };
    }

    /// <summary>What functions about an address return; null for those that the contract does not have.</summary>
    private string? Told(TronAddress contract, string signature, JsonNode question, long height) =>
        signature switch
        {
            "balanceOf(address)" => WordOf(
                Balance(
                    Chain,
                    Chain.At(height)!,
                    contract.Bytes.ToString().ToLowerInvariant(),
                    "0x" + question["parameter"]!.GetValue<string>()
                )
            ),
            "isBlackListed(address)" when SaysFrozen => WordOf(1),
            _ => null,
        };

    private static string IdOf(long height, string hash) =>
        height.ToString("x16", CultureInfo.InvariantCulture) + hash[^48..];
}
