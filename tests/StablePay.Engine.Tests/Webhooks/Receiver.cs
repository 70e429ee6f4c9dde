using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace StablePay.Engine.Tests.Webhooks;

/// <summary>One request as it came off the socket.</summary>
internal sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Body);

/// <summary>What a receiver does with a request: whatever it writes to the connection. True keeps the connection.</summary>
internal delegate Task<bool> Answer(Received request, Stream connection, CancellationToken stopped);

/// <summary>A real HTTP receiver on loopback, on bare sockets, so that it can also do what no web server would.</summary>
internal sealed class Receiver : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopped = new();
    private readonly ConcurrentDictionary<Task, bool> _serving = [];
    private readonly Task _accepting;
    private int _connections;

    public Receiver(Answer answer, int port = 0)
    {
        Answer = answer;
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start(2_048);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAsync();
    }

    public Answer Answer { get; set; }

    public int Port { get; }

    public Uri Url => new($"http://127.0.0.1:{Port}/hook");

    /// <summary>Requests read completely, in order.</summary>
    public ConcurrentQueue<Received> Requests { get; } = new();

    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Stops listening and drops every connection. May be called twice.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopped.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving.Keys);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stopped.Token);
                Interlocked.Increment(ref _connections);
                var serving = ServeAsync(socket);
                _serving[serving] = true;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException) { }
    }

    private async Task ServeAsync(Socket socket)
    {
        await Task.Yield();
        try
        {
            await using var stream = new NetworkStream(socket, ownsSocket: true);
            while (await ReadAsync(stream) is { } request)
            {
                Requests.Enqueue(request);
                if (!await Answer(request, stream, _stopped.Token))
                    break;
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or SocketException) { }
    }

    private async Task<Received?> ReadAsync(NetworkStream stream)
    {
        var buffer = new byte[16 * 1024];
        var have = 0;
        int end;
        while ((end = buffer.AsSpan(0, have).IndexOf("\r\n\r\n"u8)) < 0)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(have), _stopped.Token);
            if (read == 0)
                return null;
            have += read;
        }
        var lines = Encoding.ASCII.GetString(buffer, 0, end).Split("\r\n");
        var headers = lines
            .Skip(1)
            .Select(l => l.Split(": ", 2))
            .ToDictionary(p => p[0], p => p[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture)];
        var early = Math.Min(have - end - 4, body.Length);
        buffer.AsSpan(end + 4, early).CopyTo(body);
        await stream.ReadExactlyAsync(body.AsMemory(early), _stopped.Token);
        return new(lines[0].Split(' ')[1], headers, body);
    }
}

/// <summary>Ways to answer.</summary>
internal static class Answers
{
    public static Answer Status(int status, string body = "ok") =>
        async (_, connection, stopped) =>
        {
            await connection.WriteAsync(
                Encoding.UTF8.GetBytes(
                    $"HTTP/1.1 {status} Whatever\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"
                ),
                stopped
            );
            return true;
        };

    public static Answer Ok { get; } = Status(200);

    /// <summary>Takes the request and never says a word.</summary>
    public static Answer Hang { get; } =
        async (_, _, stopped) =>
        {
            await Task.Delay(Timeout.Infinite, stopped);
            return false;
        };

    public static Answer Raw(string text) => Raw(Encoding.UTF8.GetBytes(text));

    /// <summary>Writes this and closes.</summary>
    public static Answer Raw(byte[] bytes) =>
        async (_, connection, stopped) =>
        {
            await connection.WriteAsync(bytes, stopped);
            return false;
        };

    /// <summary>Writes this, then the pieces for ever, with a pause before each.</summary>
    public static Answer Endless(string start, byte[] piece, TimeSpan pause, Action<int>? wrote = null) =>
        async (_, connection, stopped) =>
        {
            await connection.WriteAsync(Encoding.UTF8.GetBytes(start), stopped);
            while (true)
            {
                if (pause > TimeSpan.Zero)
                    await Task.Delay(pause, stopped);
                await connection.WriteAsync(piece, stopped);
                wrote?.Invoke(piece.Length);
            }
        };
}
