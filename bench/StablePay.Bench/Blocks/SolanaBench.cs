using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using StablePay.Chains;
using StablePay.Chains.Keys;
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

    /// <summary>What a slot holds: votes, plain transfers, exchanges of tokens; with keys and token accounts of each.</summary>
    private static readonly (int Count, int Keys, int Balances)[] Transactions =
    [
        (1_000, 4, 0),
        (750, 7, 2),
        (750, 40, 14),
    ];

    public static async Task<int> RunAsync(string[] args)
    {
        var at = Array.IndexOf(args, "--rounds");
        var rounds = at < 0 ? 9 : int.Parse(args[at + 1], CultureInfo.InvariantCulture);
        var dice = new Random(7);
        var ours = new AddressSet();
        for (var i = 0; i < Watched; i++)
            ours.Add(Bytes(dice, 32));
        var hash = Text(dice, 32);
        var block = Encoding.UTF8.GetBytes(BlockOf(dice, hash));
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

    private static byte[] Bytes(Random dice, int count)
    {
        var bytes = new byte[count];
        dice.NextBytes(bytes);
        return bytes;
    }

    private static string Text(Random dice, int count) => Base58.Encode(Bytes(dice, count));

    private static string BlockOf(Random dice, string hash)
    {
        // Addresses come again: the same exchanges and wallets are in many transactions.
        var people = Enumerable.Range(0, 4_000).Select(_ => Text(dice, 32)).ToArray();
        string Somebody() => people[dice.Next(people.Length)];
        string List(int count, Func<int, string> of) =>
            "[" + string.Join(',', Enumerable.Range(0, count).Select(of)) + "]";
        string Balance(int i) =>
            $$"""
                {"accountIndex":{{i}},"mint":"{{Somebody()}}","owner":"{{Somebody()}}","programId":"{{SolanaPrograms.Token}}","uiTokenAmount":{"amount":"1500000","decimals":6,"uiAmount":1.5,"uiAmountString":"1.5"} }
                """;
        string Key(int i) => $$"""{"pubkey":"{{Somebody()}}","signer":false,"source":"transaction","writable":true}""";
        string Lamports(int count) => List(count, _ => $"{dice.Next()}");
        string Transaction(int keys, int balances) =>
            $$"""
                {"meta":{"err":null,"fee":5000,"postBalances":{{Lamports(keys)}},"postTokenBalances":{{List(
                    balances,
                    Balance
                )}},"preBalances":{{Lamports(keys)}},"preTokenBalances":{{List(
                    balances,
                    Balance
                )}},"status":{"Ok":null} },"transaction":{"accountKeys":{{List(keys, Key)}},"signatures":["{{Text(
                    dice,
                    64
                )}}"]},"version":0}
                """;
        var transactions = Transactions.SelectMany(t =>
            Enumerable.Range(0, t.Count).Select(_ => Transaction(t.Keys, t.Balances))
        );
        return $$"""
            {"blockHeight":1,"blockTime":1800000000,"blockhash":"{{hash}}","parentSlot":{{Slot
                - 1}},"previousBlockhash":"{{Text(dice, 32)}}","transactions":[{{string.Join(',', transactions)}}]}
            """;
    }

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
