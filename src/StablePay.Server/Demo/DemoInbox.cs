using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using StablePay.Core.Webhooks;

namespace StablePay.Server.Demo;

/// <summary>A webhook as the shop received it.</summary>
/// <param name="Verdict">The key of the words: valid, repeated, signature, timestamp, unreadable.</param>
internal sealed record DemoHook(Instant At, string Type, string Order, string Verdict)
{
    public bool IsTrusted => Verdict is "valid" or "repeated";
}

/// <summary>Checks what arrives as any receiver should, and keeps the last ones in memory.</summary>
internal sealed class DemoInbox(DemoCredentials credentials, TimeProvider clock)
{
    private const int Kept = 30;
    private const int WindowSeconds = 300;
    private const int MostReaders = 100;

    private readonly Lock _gate = new();
    private readonly List<DemoHook> _hooks = [];
    private readonly HashSet<string> _seen = [];
    private readonly List<Channel<DemoHook>> _readers = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<DemoHook> Latest
    {
        get
        {
            lock (_gate)
                return [.. _hooks.AsEnumerable().Reverse()];
        }
    }

    /// <summary>Takes one delivery and says whether it is believed.</summary>
    public DemoHook Receive(IHeaderDictionary headers, byte[] body)
    {
        var (type, order) = Read(body);
        lock (_gate)
        {
            var hook = new DemoHook(clock.Now, type, order, Judge(headers, body));
            _hooks.Add(hook);
            if (_hooks.Count > Kept)
                _hooks.RemoveAt(0);
            foreach (var reader in _readers)
                reader.Writer.TryWrite(hook);
            return hook;
        }
    }

    /// <summary>Every webhook from now on.</summary>
    public async IAsyncEnumerable<DemoHook> WatchAsync([EnumeratorCancellation] CancellationToken ct)
    {
        var reader = Channel.CreateBounded<DemoHook>(
            new BoundedChannelOptions(Kept) { FullMode = BoundedChannelFullMode.DropOldest }
        );
        lock (_gate)
        {
            if (_readers.Count >= MostReaders)
                yield break;
            _readers.Add(reader);
        }
        try
        {
            await foreach (var hook in reader.Reader.ReadAllAsync(ct))
                yield return hook;
        }
        finally
        {
            lock (_gate)
                _readers.Remove(reader);
        }
    }

    private string Judge(IHeaderDictionary headers, byte[] body)
    {
        var timestamp = headers["X-StablePay-Timestamp"].ToString();
        var isSigned = Signature.Verify(
            Encoding.UTF8.GetBytes(credentials.WebhookSecret),
            timestamp,
            headers["X-StablePay-Nonce"].ToString(),
            body,
            headers["X-StablePay-Signature"].ToString()
        );
        if (!isSigned)
            return "signature";
        if (
            !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var sent)
            || Math.Abs(clock.Now.UnixSeconds - sent) > WindowSeconds
        )
            return "timestamp";
        // Delivery is at least once: a shop acts on an event id the first time only.
        return _seen.Add(headers["X-StablePay-Event-ID"].ToString()) ? "valid" : "repeated";
    }

    private static (string Type, string Order) Read(byte[] body)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var data = json.RootElement.GetProperty("data");
            var order = data.TryGetProperty("order_id", out var id) ? id.GetString() : null;
            return (json.RootElement.GetProperty("type").GetString() ?? "?", order ?? "");
        }
        catch (Exception failure) when (failure is JsonException or InvalidOperationException or KeyNotFoundException)
        {
            return ("?", "");
        }
    }
}
