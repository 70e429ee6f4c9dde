using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StablePay.Chains.Evm;
using StablePay.Core.Networks;

namespace StablePay.Bench.Blocks;

/// <summary>
/// A stand-in for an Ethereum node inside this process: it answers from bytes prepared before the clock runs, so that
/// only what our side does with an answer is measured. Every block holds the same number of token transfers, nearly all
/// of them between strangers.
/// </summary>
internal sealed class RecordedNode(Network network, string genesisHash, int transfersPerBlock) : HttpMessageHandler
{
    public const int FinalDistance = 64;
    public const long GenesisTime = 1_800_000_000;
    private const int Kept = 600;

    private readonly Dictionary<long, string> _headers = new() { [0] = Header(0, genesisHash, HashOf("none"), []) };
    private readonly Dictionary<string, byte[]> _logs = [];
    private readonly Dictionary<long, string> _hashes = new() { [0] = genesisHash };
    private readonly Dictionary<string, byte[]> _receipts = [];

    public long Head { get; private set; }

    public string HashAt(long height) => _hashes[height];

    public IEnumerable<byte[]> LogsOf(long from, long to)
    {
        for (var height = from; height <= to; height++)
            yield return _logs[_hashes[height]];
    }

    /// <param name="recipients">Who is paid <paramref name="atoms"/> of the first token, evenly over the blocks.</param>
    public void Mine(int count, IReadOnlyList<string>? recipients = null, ulong atoms = 0)
    {
        var each = (recipients?.Count ?? 0) / count;
        for (var i = 0; i < count; i++)
        {
            var height = ++Head;
            var hash = HashOf($"block {height}");
            var transactions = Enumerable.Range(0, transfersPerBlock).Select(t => HashOf($"tx {height} {t}")).ToArray();
            _hashes[height] = hash;
            _headers[height] = Header(height, hash, _hashes[height - 1], transactions);
            _logs[hash] = Logs(height, hash, transactions, [.. (recipients ?? []).Skip(i * each).Take(each)], atoms);
            if (height > Kept && _hashes.Remove(height - Kept, out var old))
                (_, _) = (_logs.Remove(old), _headers.Remove(height - Kept));
        }
    }

    /// <summary>The answer to a question in parts, of which the long one is shared.</summary>
    public byte[][] Answer(JsonElement question)
    {
        var id = question.GetProperty("id").GetInt64();
        var head = Encoding.UTF8.GetBytes(
            string.Create(CultureInfo.InvariantCulture, $$"""{"jsonrpc":"2.0","id":{{id}},"result":""")
        );
        return
        [
            head,
            Result(question.GetProperty("method").GetString()!, question.GetProperty("params")),
            "}"u8.ToArray(),
        ];
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
    {
        using var question = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(ct));
        // Nothing is copied together: what this stand-in costs would be counted as ours.
        var body = new JoinedStream(Answer(question.RootElement));
        return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(body) };
    }

    private byte[] Result(string method, JsonElement parameters) =>
        method switch
        {
            "eth_getLogs" => _logs[parameters[0].GetProperty("blockHash").GetString()!],
            "eth_getTransactionReceipt" => _receipts[parameters[0].GetString()!],
            "eth_getBlockByNumber" => Encoding.UTF8.GetBytes(
                _headers.GetValueOrDefault(HeightOf(parameters[0].GetString()!)) ?? "null"
            ),
            "eth_blockNumber" => Encoding.UTF8.GetBytes($"\"{Quantity(Head)}\""),
            "eth_chainId" => "\"0x1\""u8.ToArray(),
            "eth_getCode" => "\"0x6001\""u8.ToArray(),
            "eth_call" => Encoding.UTF8.GetBytes($"\"0x{network.Tokens[0].Decimals:x64}\""),
            _ => throw new NotSupportedException(method),
        };

    private long HeightOf(string which) =>
        which switch
        {
            "finalized" => Math.Max(0, Head - FinalDistance),
            "latest" => Head,
            _ => long.Parse(which.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture),
        };

    private byte[] Logs(long height, string hash, string[] transactions, string[] recipients, ulong atoms)
    {
        var text = new StringBuilder("[");
        // Two apart, so that each is of the first token whether there are one or two.
        var apart = recipients.Length == 0 ? int.MaxValue : transactions.Length / recipients.Length / 2 * 2;
        for (var i = 0; i < transactions.Length; i++)
        {
            var contract = network.Tokens[i % network.Tokens.Count].Contract.ToLowerInvariant();
            var (from, to) = (HashOf($"from {height} {i}")[26..], HashOf($"to {height} {i}")[26..]);
            var isOurs = i % apart == 0 && i / apart < recipients.Length;
            if (isOurs)
                to = recipients[i / apart][2..].ToLowerInvariant();
            var value = isOurs ? atoms : 1_000_000 + (ulong)i;
            var log = string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"address":"{{contract}}","topics":["{{Hex.ToData(Abi.TransferTopic)}}","0x{{new string('0', 24)}}{{from}}","0x{{new string('0', 24)}}{{to}}"],"data":"0x{{value:x64}}","blockNumber":"{{Quantity(height)}}","transactionHash":"{{transactions[i]}}","transactionIndex":"{{Quantity(i)}}","blockHash":"{{hash}}","logIndex":"{{Quantity(i)}}","removed":false}"""
            );
            text.Append(i == 0 ? "" : ",").Append(log);
            if (isOurs)
                _receipts[transactions[i]] = Receipt(height, hash, transactions[i], log);
        }
        return Encoding.UTF8.GetBytes(text.Append(']').ToString());
    }

    private static byte[] Receipt(long height, string hash, string transaction, string log) =>
        Encoding.UTF8.GetBytes(
            string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"transactionHash":"{{transaction}}","blockHash":"{{hash}}","blockNumber":"{{Quantity(height)}}","status":"0x1","type":"0x2","gasUsed":"0xf6a4","cumulativeGasUsed":"0x1c9c380","logsBloom":"0x{{new string('f', 512)}}","logs":[{{log}}]}"""
            )
        );

    private static string Header(long height, string hash, string parent, string[] transactions) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"number":"{{Quantity(height)}}","hash":"{{hash}}","parentHash":"{{parent}}","timestamp":"{{Quantity(GenesisTime + (12 * height))}}","logsBloom":"0x{{new string('f', 512)}}","gasUsed":"0x1c9c380","transactions":[{{string.Join(',', transactions.Select(t => $"\"{t}\""))}}]}"""
        );

    private static string Quantity(long value) => "0x" + value.ToString("x", CultureInfo.InvariantCulture);

    private static string HashOf(string name) =>
        "0x" + Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)));
}
