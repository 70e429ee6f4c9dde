using System.Collections.Specialized;
using System.Text.Json.Nodes;
using StablePay.Testing.Nodes;

namespace StablePay.Simulation.World;

/// <summary>How a node fails.</summary>
internal enum NodeTrouble
{
    None,

    /// <summary>Connections are refused.</summary>
    Down,

    /// <summary>It takes questions and never answers.</summary>
    Silent,

    /// <summary>Half of the questions are refused: too many.</summary>
    RateLimited,

    /// <summary>Answers end in the middle.</summary>
    CutOff,

    /// <summary>Errors of the gateway before it.</summary>
    Broken,

    /// <summary>It stays where it is: blocks that come do not reach it.</summary>
    Stuck,

    /// <summary>Lists of logs or receipts are empty whatever is in the block.</summary>
    Empty,
}

/// <summary>What a node says of balances.</summary>
internal enum BalanceLie
{
    None,

    /// <summary>Nobody holds anything.</summary>
    Nothing,

    /// <summary>An atom less than there is.</summary>
    OneLess,

    /// <summary>Twice as much as there is, and something where nothing is.</summary>
    Twice,

    /// <summary>Whatever came is still there.</summary>
    All,

    /// <summary>Every address is frozen.</summary>
    Frozen,
}

/// <summary>
/// One source of a network: a stub that speaks the family's own protocol, sees the chain when blocks have reached it,
/// and fails and lies as it is told.
/// </summary>
internal sealed class SimNode(SimNetwork network, int number, Chance chance)
{
    private readonly HashSet<string> _emptied = [];
    private readonly HashSet<string> _hidden = [];
    private StubServer _stub = null!;

    public Uri Url { get; } =
        new(
            string.Create(
                CultureInfo.InvariantCulture,
                $"http://node{number}.{network.Network.Name.Split(' ')[0].ToLowerInvariant()}.example/"
            )
        );

    public string Name => string.Create(CultureInfo.InvariantCulture, $"node {number} of {network.Network.Name}");

    public StubChain View { get; } = new(network.Truth);

    public NodeTrouble Trouble { get; set; }

    /// <summary>Whether it tells of what is not there; of the nodes of a network one does so at most.</summary>
    public bool IsLying { get; set; }

    /// <summary>How many blocks its final one is behind its head.</summary>
    public int FinalDistance
    {
        set
        {
            if (_stub is RpcStubNode rpc)
                rpc.FinalizedDistance = value;
            if (_stub is TronStubNode tron)
                tron.SolidDistance = value;
        }
    }

    /// <summary>Whether it left out what is in a block without any sign of it, the first time that it was asked.</summary>
    public bool HasHidden(string blockHash) => _hidden.Contains(blockHash);

    public void Speak(StubServer stub) => _stub = stub;

    /// <summary>It tells wrong balances, or right ones again.</summary>
    public void Lies(BalanceLie lie)
    {
        IsLying = lie != BalanceLie.None;
        _stub.SaysFrozen = lie == BalanceLie.Frozen;
        _stub.BalanceLie = lie switch
        {
            BalanceLie.Nothing => _ => 0,
            BalanceLie.OneLess => flows => flows.Held.IsZero ? 0 : flows.Held - 1,
            BalanceLie.Twice => flows => flows.Held.IsZero ? 7_000_000 : flows.Held * 2,
            BalanceLie.All => flows => flows.Came,
            _ => null,
        };
    }

    /// <summary>A block reached it, with everything before.</summary>
    public void Hear()
    {
        if (Trouble != NodeTrouble.Stuck)
            View.Follow();
    }

    public Told Answer(string path, JsonNode question)
    {
        switch (Trouble)
        {
            case NodeTrouble.Down:
                return new Told(null, "");
            case NodeTrouble.Silent:
                return new Told(null, "", IsSilent: true);
            case NodeTrouble.RateLimited when chance.Percent(50):
                return new Told(429, "");
            case NodeTrouble.Broken when chance.Percent(70):
                return new Told(502, "<html>bad gateway</html>");
        }
        var answer = _stub.Answer(path, question, []);
        var body = answer.Body;
        if (Trouble == NodeTrouble.CutOff && chance.Percent(50))
            body = body[..(body.Length / 2)];
        if (Trouble == NodeTrouble.Empty)
            body = Emptied(path, question, body);
        return new Told(answer.Status, body);
    }

    /// <summary>
    /// On Solana only the first answer about a block leaves out what is in it: nothing in such a block says that there
    /// is more, so a single node that never tells cannot be found out.
    /// </summary>
    private string Emptied(string path, JsonNode question, string body)
    {
        if (AsksForBalances(path, question))
            return Emptied(JsonNode.Parse(body)!).ToJsonString();
        if (question is JsonArray)
            return body;
        var method = question["method"]?.GetValue<string>() ?? path;
        if (method is not ("eth_getLogs" or "/wallet/gettransactioninfobyblocknum" or "getBlock"))
            return body;
        if (method == "/wallet/gettransactioninfobyblocknum")
            return "[]";
        var told = JsonNode.Parse(body)!;
        if (method == "eth_getLogs" && told["result"] is JsonArray)
            told["result"] = new JsonArray();
        if (
            method == "getBlock"
            && told["result"]?["transactions"] is JsonArray
            && _emptied.Add(question["params"]![0]!.ToJsonString())
        )
            Hide(told["result"]!);
        return told.ToJsonString();
    }

    private static bool AsksForBalances(string path, JsonNode question) =>
        path.EndsWith("/triggerconstantcontract", StringComparison.Ordinal)
            ? question["function_selector"]?.GetValue<string>() == "balanceOf(address)"
            : (question is JsonArray several ? several[0]! : question) is var first
                && first["method"]?.GetValue<string>() switch
                {
                    "eth_call" => IsBalanceOf(first["params"]![0]!["data"]!.GetValue<string>()),
                    var method => method == "getMultipleAccounts",
                };

    private static bool IsBalanceOf(string data) => data.StartsWith("0x70a08231", StringComparison.Ordinal);

    /// <summary>No figure where one belongs. Zero would be a lie, and three nodes may be empty at once.</summary>
    private static JsonNode Emptied(JsonNode told)
    {
        foreach (var answer in told is JsonArray several ? several : [told])
        {
            if (answer!["constant_result"] is JsonArray)
                answer["constant_result"] = new JsonArray("");
            else if (answer["result"]?["value"] is JsonArray)
                answer["result"]!["value"] = new JsonArray();
            else if (answer["result"] is JsonValue)
                answer["result"] = "0x";
        }
        return told;
    }

    private void Hide(JsonNode block)
    {
        if (block["transactions"]!.AsArray().Count > 0)
            _hidden.Add(block["blockhash"]!.GetValue<string>());
        block["transactions"] = new JsonArray();
    }
}
