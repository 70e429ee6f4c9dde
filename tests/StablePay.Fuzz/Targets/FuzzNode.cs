using System.Net;
using System.Text.Json;
using StablePay.Chains;
using StablePay.Chains.Rpc;
using StablePay.Chains.Tron;

namespace StablePay.Fuzz.Targets;

/// <summary>A node that answers with the fuzzer's bytes, asked through the program's own clients.</summary>
internal sealed class FuzzNode : IAddressFilter
{
    private static readonly Uri Url = new("https://node.test/");

    private FuzzNode() { }

    /// <summary>As a filter of addresses.</summary>
    public static IAddressFilter Everything { get; } = new FuzzNode();

    /// <summary>Every address is ours, so that everything is looked at.</summary>
    public bool MayContain(ReadOnlySpan<byte> address) => true;

    /// <summary>What stands between newlines: one answer each. What is not there is empty.</summary>
    public static byte[] Part(byte[] input, int index)
    {
        var rest = input.AsSpan();
        for (; index > 0; index--)
        {
            var end = rest.IndexOf((byte)'\n');
            rest = end < 0 ? [] : rest[(end + 1)..];
        }
        var length = rest.IndexOf((byte)'\n');
        return (length < 0 ? rest : rest[..length]).ToArray();
    }

    /// <summary>The answer around a JSON-RPC result.</summary>
    public static byte[] Envelope(byte[] result) => [.. """{"jsonrpc":"2.0","id":1,"result":"""u8, .. result, .. "}"u8];

    /// <summary>The result as another reader of JSON finds it.</summary>
    public static JsonDocument Document(byte[] answer) => JsonDocument.Parse(answer);

    /// <summary>Null if the answer is refused, as answers are: by the exception that watchers know.</summary>
    public static T? Ask<T>(byte[] result, ResultReader<T?> read)
        where T : class =>
        Try(
            Envelope(result),
            http => new JsonRpc(http, [Url], RpcLimits.Default).CallAsync("fuzz", "[]", read, default)
        );

    /// <inheritdoc cref="Ask"/>
    public static T? AskTron<T>(byte[] answer, ResultReader<T?> read)
        where T : class =>
        Try(
            answer,
            http => new TronApi(http, [new NodeAddress(Url)], RpcLimits.Default).CallAsync("/fuzz", "{}", read, default)
        );

    /// <summary>A time that can be kept and shown; one that cannot would break whoever reads it next.</summary>
    public static void Readable(Instant time) => Must.Equal(time.ToString().Length, 24, "the length of a block's time");

    private static T? Try<T>(byte[] answer, Func<HttpClient, Task<T?>> ask)
        where T : class
    {
        using var http = new HttpClient(new Canned(answer));
        try
        {
            return ask(http).GetAwaiter().GetResult();
        }
        catch (NodeException)
        {
            return null;
        }
    }

    private sealed class Canned(byte[] answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = new ByteArrayContent(answer) });
    }
}
