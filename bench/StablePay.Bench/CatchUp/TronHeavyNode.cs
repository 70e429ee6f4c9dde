using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StablePay.Chains;
using StablePay.Chains.Tron;
using StablePay.Core.Networks;

namespace StablePay.Bench.CatchUp;

/// <summary>
/// TRON with 400 transfers of USDT a block, several times the usual number, and 400 other transactions: transfers of
/// TRX, delegations, and calls of other contracts with logs of their own. Members and lengths are those of main-net
/// answers.
/// </summary>
internal sealed class TronHeavyNode : HeavyNode
{
    private const string MainnetGenesis = "00000000000000001ebf88508a03865c71d452e25f4d51194196a1d22b6653dc";
    private const int SolidDistance = 19;
    private const int OthersPerBlock = 400;
    private const int Kept = 200;
    private const long GenesisMs = 1_800_000_000_000;

    private readonly Dictionary<long, Made> _blocks = [];
    private readonly string _usdt = TronAddress.Parse(Networks.Tron.Tokens[0].Contract).ToHex();
    private long _head;

    private sealed record Made(string Id, byte[] Bare, byte[] Whole, byte[] Infos);

    public TronHeavyNode()
    {
        var bare = Encoding.UTF8.GetBytes($"{{{Header(0, MainnetGenesis, new string('0', 64))}}}");
        _blocks[0] = new Made(MainnetGenesis, bare, bare, "[]"u8.ToArray());
        Mine(1, [], 0);
    }

    public override Network Network => Networks.Tron;

    public override long Head => _head;

    public override int TransfersPerBlock => 400;

    public override IReadOnlyList<(string Name, TimeSpan Every)> RealTimes => [("TRON", TimeSpan.FromSeconds(3))];

    public override DateTimeOffset Start => DateTimeOffset.FromUnixTimeMilliseconds(GenesisMs);

    public override void Mine(int count, IReadOnlyList<string> recipients, ulong atoms)
    {
        var each = recipients.Count / count;
        for (var i = 0; i < count; i++)
        {
            var parent = _blocks[_head].Id;
            _head++;
            _blocks[_head] = Make(parent, [.. recipients.Skip(i * each).Take(each)], atoms);
            _blocks.Remove(_head - Kept);
        }
    }

    public override IReadOnlyList<(string Path, string Question)> QuestionsAbout(long height) =>
        [
            ("/wallet/getblockbynum", $$"""{"num":{{height}}}"""),
            ("/wallet/gettransactioninfobyblocknum", $$"""{"num":{{height}}}"""),
        ];

    protected override byte[][] Answer(string path, JsonElement question) =>
        path switch
        {
            "/wallet/getblock" => [_blocks[_head].Bare],
            "/walletsolidity/getblock" => [_blocks[Math.Max(0, _head - SolidDistance)].Bare],
            "/wallet/getblockbynum" => [At(question)?.Whole ?? "{}"u8.ToArray()],
            "/wallet/gettransactioninfobyblocknum" => [At(question)?.Infos ?? "[]"u8.ToArray()],
            "/wallet/triggerconstantcontract" =>
            [
                Encoding.UTF8.GetBytes($$"""{"result":{"result":true},"constant_result":["{{6:x64}}"]}"""),
            ],
            _ => throw new NotSupportedException(path),
        };

    private Made? At(JsonElement question) => _blocks.GetValueOrDefault(question.GetProperty("num").GetInt64());

    private Made Make(string parent, string[] recipients, ulong atoms)
    {
        var (height, time) = (_head, GenesisMs + (3_000 * _head));
        var id = string.Create(CultureInfo.InvariantCulture, $"{height:x16}{HashOf($"block {height}")[16..]}");
        var (transactions, infos) = (new StringBuilder(), new StringBuilder());
        var apart = recipients.Length == 0 ? int.MaxValue : TransfersPerBlock / recipients.Length;
        for (var i = 0; i < TransfersPerBlock + OthersPerBlock; i++)
        {
            var made = new TronHeavyTransaction(HashOf($"tx {height} {i}"), height, time);
            // Every other one is a payment, as blocks mix them.
            var payment = i / 2;
            var to = payment % apart == 0 && payment / apart < recipients.Length ? recipients[payment / apart] : null;
            if (i % 2 == 0)
                made.Token(
                    _usdt,
                    HashOf($"from {height} {i}")[..40],
                    to is null ? HashOf($"to {height} {i}")[..40] : TronAddress.Parse(to).ToHex()[2..],
                    to is null ? 1_000_000 + (ulong)i : atoms
                );
            else if (i % 8 == 1)
                made.OtherContract(HashOf($"contract {i}")[..40]);
            else
                made.Native();
            transactions.Append(i == 0 ? "" : ",").Append(made.Told);
            infos.Append(i == 0 ? "" : ",").Append(made.Info);
        }
        var header = Header(height, id, parent);
        return new Made(
            id,
            Encoding.UTF8.GetBytes($"{{{header}}}"),
            Encoding.UTF8.GetBytes($"{{{header},\"transactions\":[{transactions}]}}"),
            Encoding.UTF8.GetBytes($"[{infos}]")
        );
    }

    private static string Header(long height, string id, string parent) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            "blockID":"{{id}}","block_header":{"raw_data":{"number":{{height}},"txTrieRoot":"{{HashOf($"root {height}")}}","witness_address":"41{{HashOf("witness")[
                ..40
            ]}}","parentHash":"{{parent}}","version":31,"timestamp":{{GenesisMs
                + (3_000 * height)}}},"witness_signature":"{{new string('5', 130)}}"}
            """
        );

    internal static string HashOf(string name) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
