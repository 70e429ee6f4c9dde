using System.Globalization;
using StablePay.Chains.Evm;

namespace StablePay.Bench.CatchUp;

/// <summary>One transaction of a heavy block as a full node tells it, in the block and in its info.</summary>
internal sealed class TronHeavyTransaction(string id, long height, long time)
{
    public string Told { get; private set; } = "";

    public string Info { get; private set; } = "";

    public void Token(string contract, string from, string to, ulong atoms)
    {
        var zeros = new string('0', 24);
        var word = atoms.ToString("x64", CultureInfo.InvariantCulture);
        var log =
            $$"""{"address":"{{contract[2..]}}","topics":["{{Hex.ToHex(Abi.TransferTopic)}}","{{zeros}}{{from}}","{{zeros}}{{to}}"],"data":"{{word}}"}""";
        Call(contract, from, $"a9059cbb{zeros}{to}{word}", log);
    }

    public void OtherContract(string contract)
    {
        var log =
            $$"""{"address":"{{contract}}","topics":["{{TronHeavyNode.HashOf("event")}}","{{TronHeavyNode.HashOf("topic")}}"],"data":"{{new string('7', 256)}}"}""";
        Call("41" + contract, contract, new string('8', 328), $"{log},{log},{log}");
    }

    public void Native()
    {
        Tell(
            """{"amount":1,"owner_address":"41a614f803b6fd780986a42c78ec9c7f77e6ded13c","to_address":"41b614f803b6fd780986a42c78ec9c7f77e6ded13c"}""",
            "TransferContract",
            270
        );
        Explain("""[""],"receipt":{"net_usage":267}""");
    }

    private void Call(string contract, string owner, string data, string logs)
    {
        Tell(
            $$"""{"data":"{{data}}","owner_address":"41{{owner}}","contract_address":"{{contract}}"}""",
            "TriggerSmartContract",
            422
        );
        Explain(
            $$"""["{{new string('0', 64)}}"],"contract_address":"{{contract}}","receipt":{"energy_fee":6428500,"energy_usage_total":64285,"net_usage":345,"result":"SUCCESS","energy_penalty_total":49635},"log":[{{logs}}]"""
        );
    }

    private void Tell(string value, string type, int rawLength) =>
        Told = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"ret":[{"contractRet":"SUCCESS"}],"signature":["{{new string('6', 130)}}"],"txID":"{{id}}","raw_data":{"contract":[{"parameter":{"value":{{value}},"type_url":"type.googleapis.com/protocol.{{type}}"},"type":"{{type}}"}],"ref_block_bytes":"1234","ref_block_hash":"0102030405060708","expiration":{{time
                + 60_000}},"fee_limit":100000000,"timestamp":{{time}}},"raw_data_hex":"{{new string('9', rawLength)}}"}"""
        );

    private void Explain(string rest) =>
        Info = string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"{{id}}","fee":6428500,"blockNumber":{{height}},"blockTimeStamp":{{time}},"contractResult":{{rest}}}"""
        );
}
