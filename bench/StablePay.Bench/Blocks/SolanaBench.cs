using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using StablePay.Chains;
using StablePay.Chains.Rpc;
using StablePay.Chains.Solana;
using StablePay.Core.Networks;
using StablePay.Core.Primitives;
using StablePay.Engine.Watching;

namespace StablePay.Bench.Blocks;

/// <summary>
/// What one slot of Solana costs the production reader with a million watched owners, none of them in the block, beside
/// the bare tokens of the same JSON: rounds interleaved, medians.
/// </summary>
internal static class SolanaBench
{
    private const int Watched = 1_000_000;
    private const int BlocksPerRound = 20;
    private const long Slot = 300_000_000;

    public static async Task<int> RunAsync(string[] args)
    {
        var at = Array.IndexOf(args, "--rounds");
        var rounds = at < 0 ? 9 : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        var shape = new SolanaShape(new Random(7));
        var ours = new AddressSet();
        for (var i = 0; i < Watched; i++)
            ours.Add(shape.Bytes(32));
        var hash = shape.Text(32);
        var block = Encoding.UTF8.GetBytes(BlockOf(shape, hash));
        using var http = new HttpClient(new OneBlock(block));
        var network = Networks.Solana with { Tokens = [] };
        var chain = new SolanaChain(
            network,
            new JsonRpc(http, [new Uri("http://node.test/")], SolanaChain.Limits),
            null
        );
        var header = new BlockHeader(new BlockRef(Slot, hash), new BlockRef(Slot - 1, ""), new Instant(0));

        async Task ReadAsync()
        {
            if (await chain.TransfersAsync(header, ours, default) != BlockTransfers.None)
                throw new InvalidOperationException("a stranger's address matches");
        }
        Task TokensAsync()
        {
            var json = new Utf8JsonReader(block);
            while (json.Read()) { }
            return Task.CompletedTask;
        }
        await TimeAsync(ReadAsync);
        await TimeAsync(TokensAsync);
        var all = new List<(double Read, double Ceiling)>();
        for (var i = 0; i < rounds; i++)
            all.Add((await TimeAsync(ReadAsync), await TimeAsync(TokensAsync)));
        var read = all.Select(r => r.Read).Order().ElementAt(rounds / 2);
        var ceiling = all.Select(r => r.Ceiling).Order().ElementAt(rounds / 2);
        var slots = Networks.Solana.BlockTime.TotalMilliseconds / read;
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{block.Length / 1e6:F1} MB a slot: {read:F1} ms, {slots:F0} times the time a slot takes; tokens alone {ceiling:F1} ms, ratio {ceiling / read:F2}"
            )
        );
        return 0;
    }

    /// <summary>A slot with 1,000 votes, 750 plain transfers and 750 exchanges of tokens.</summary>
    private static string BlockOf(SolanaShape shape, string hash) =>
        $$"""
            {"blockHeight":1,"blockTime":1800000000,"blockhash":"{{hash}}","parentSlot":{{Slot
                - 1}},"previousBlockhash":"{{shape.Text(32)}}","transactions":[{{shape.Transactions(1_000, 750, 750)}}]}
            """;

    /// <summary>Milliseconds per block.</summary>
    private static async Task<double> TimeAsync(Func<Task> work)
    {
        GC.Collect();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < BlocksPerRound; i++)
            await work();
        return watch.Elapsed.TotalMilliseconds / BlocksPerRound;
    }

    /// <summary>A stand-in for a node inside this process, which answers every question with the same bytes.</summary>
    private sealed class OneBlock(byte[] block) : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct)
        {
            using var question = JsonDocument.Parse(await request.Content!.ReadAsByteArrayAsync(ct));
            var id = question.RootElement.GetProperty("id").GetRawText();
            var result =
                question.RootElement.GetProperty("method").GetString() == "getBlock"
                    ? block
                    : Encoding.UTF8.GetBytes($"\"{Networks.Solana.Id.Value.Split(':')[1]}\"");
            var head = Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":{{id}},"result":""");
            return new HttpResponseMessage(HttpStatusCode.OK)
            {
                Content = new StreamContent(new JoinedStream([head, result, "}"u8.ToArray()])),
            };
        }
    }
}
