using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StablePay.Bench.Blocks;
using StablePay.Chains;
using StablePay.Chains.Keys;
using StablePay.Chains.Solana;
using StablePay.Core.Networks;
using StablePay.Testing.Nodes;

namespace StablePay.Bench.CatchUp;

/// <summary>
/// Solana with 1,500 transactions a slot: 500 votes, 500 plain transfers and 500 exchanges of tokens, the same in every
/// slot, and payments to us on top.
/// </summary>
internal sealed class SolanaHeavyNode : HeavyNode
{
    private const string MainnetGenesis = "5eykt4UsFv8P8NJdTREpY1vzqKqZKvdpKuc147dw2N9d";
    private const long FirstSlot = 300_000_000;
    private const long GenesisTime = 1_800_000_000;
    private const int FinalDistance = 31;

    private readonly SolanaShape _shape = new(new Random(7));
    private readonly byte[] _others;
    private readonly List<byte[]> _ours = [];

    public SolanaHeavyNode()
    {
        _others = Encoding.UTF8.GetBytes(_shape.Transactions(500, 500, 500));
        _ours.Add([]);
        Mine(1, [], 0);
    }

    public override Network Network => Networks.Solana;

    public override long Head => FirstSlot + _ours.Count - 1;

    public override int TransfersPerBlock => 500;

    public override int AtLeast => 10;

    public override IReadOnlyList<(string Name, TimeSpan Every)> RealTimes =>
        [("Solana", TimeSpan.FromMilliseconds(400))];

    public override DateTimeOffset Start => DateTimeOffset.FromUnixTimeSeconds(GenesisTime);

    public override void Mine(int count, IReadOnlyList<string> recipients, ulong atoms)
    {
        var each = recipients.Count / count;
        for (var i = 0; i < count; i++)
            _ours.Add(
                Encoding.UTF8.GetBytes(
                    string.Concat(recipients.Skip(i * each).Take(each).Select(to => "," + PaymentTo(to, atoms)))
                )
            );
    }

    public override IReadOnlyList<(string Path, string Question)> QuestionsAbout(long height) =>
        [("/", $$"""{"id":1,"method":"getBlock","params":[{{height}},{"transactionDetails":"accounts"}]}""")];

    protected override byte[][] Answer(string path, JsonElement question)
    {
        var id = question.GetProperty("id").GetInt64();
        var head = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","id":{{id}},"result":""")
        );
        return [head, .. Result(question.GetProperty("method").GetString()!, question), "}"u8.ToArray()];
    }

    private byte[][] Result(string method, JsonElement question)
    {
        var parameters = question.TryGetProperty("params", out var given) ? given : default;
        return method switch
        {
            "getGenesisHash" => [Encoding.UTF8.GetBytes($"\"{MainnetGenesis}\"")],
            "getAccountInfo" =>
            [
                Encoding.UTF8.GetBytes(
                    $$"""{"context":{"slot":{{Head}}},"value":{{SolanaStubNode
                        .AccountOf(new StubMint(SolanaPrograms.Token.ToString(), 6))
                        .ToJsonString()}}}"""
                ),
            ],
            "getSlot" =>
            [
                Encoding.UTF8.GetBytes(
                    $"{(parameters[0].GetProperty("commitment").GetString() == "finalized" ? Math.Max(FirstSlot, Head - FinalDistance) : Head)}"
                ),
            ],
            "getBlocks" => [Encoding.UTF8.GetBytes(Slots(parameters[0].GetInt64(), parameters[1].GetInt64()))],
            "getBlock" => Block(parameters[0].GetInt64(), parameters[1].GetProperty("transactionDetails").GetString()!),
            _ => throw new NotSupportedException(method),
        };
    }

    private string Slots(long from, long to) =>
        "["
        + string.Join(
            ',',
            Enumerable.Range(0, _ours.Count).Select(i => FirstSlot + i).Where(slot => slot >= from && slot <= to)
        )
        + "]";

    private byte[][] Block(long slot, string details)
    {
        var header = Encoding.UTF8.GetBytes(
            $$"""
            {"blockHeight":{{slot}},"blockTime":{{GenesisTime + ((slot - FirstSlot) * 2 / 5)}},"blockhash":"{{HashOf(
                slot
            )}}","parentSlot":{{slot - 1}},"previousBlockhash":"{{HashOf(slot - 1)}}"
            """
        );
        return details == "none"
            ? [header, "}"u8.ToArray()]
            : [header, ",\"transactions\":["u8.ToArray(), _others, _ours[(int)(slot - FirstSlot)], "]}"u8.ToArray()];
    }

    private string PaymentTo(string owner, ulong atoms)
    {
        var mint = SolanaAddress.Parse(Networks.Solana.Tokens[0].Contract);
        var account = SolanaPrograms.AssociatedAccountOf(SolanaAddress.Parse(owner), mint, SolanaPrograms.Token);
        return _shape.Payment(owner, mint.ToString(), account.ToString(), atoms);
    }

    private static string HashOf(long slot) =>
        Base58.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(slot.ToString(CultureInfo.InvariantCulture))));
}
