using System.Text.Json;
using StablePay.Bench.Blocks;
using StablePay.Chains;
using StablePay.Core.Networks;

namespace StablePay.Bench.CatchUp;

/// <summary>Ethereum with 1,000 transfers of pinned tokens a block; BNB Smart Chain's are read in the same way.</summary>
internal sealed class EvmHeavyNode : HeavyNode
{
    private const string MainnetGenesis = "0xd4e56740f876aef8c010b86a40d5f56745a118d0906a34e69aec8c0db1cb8fa3";

    private readonly RecordedNode _recorded;

    public EvmHeavyNode()
    {
        _recorded = new RecordedNode(Network, MainnetGenesis, TransfersPerBlock);
        _recorded.Mine(1);
    }

    public override Network Network => Networks.Ethereum;

    public override long Head => _recorded.Head;

    public override int TransfersPerBlock => 1_000;

    public override IReadOnlyList<(string Name, TimeSpan Every)> RealTimes =>
        [("Ethereum", TimeSpan.FromSeconds(12)), ("BSC", TimeSpan.FromSeconds(0.45))];

    public override DateTimeOffset Start => DateTimeOffset.FromUnixTimeSeconds(RecordedNode.GenesisTime);

    public override void Mine(int count, IReadOnlyList<string> recipients, ulong atoms) =>
        _recorded.Mine(count, recipients, atoms);

    public override IReadOnlyList<(string Path, string Question)> QuestionsAbout(long height) =>
        [
            ("/", $$"""{"id":1,"method":"eth_getBlockByNumber","params":["0x{{height:x}}",false]}"""),
            ("/", $$"""{"id":1,"method":"eth_getLogs","params":[{"blockHash":"{{_recorded.HashAt(height)}}"}]}"""),
        ];

    protected override byte[][] Answer(string path, JsonElement question) => _recorded.Answer(question);
}
