using System.Net;
using System.Net.Sockets;

namespace StablePay.Bench.Webhooks;

/// <summary>
/// A receiver that costs next to nothing: it looks for the end of a request, whose length it knows from the first one's
/// header, and writes a fixed answer; or it never answers.
/// </summary>
internal sealed class LoopbackReceiver : IDisposable
{
    private static readonly byte[] Answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"u8.ToArray();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly TimeSpan? _after;
    private int _requests;

    /// <param name="after">How long to wait before the answer; null never answers.</param>
    public LoopbackReceiver(TimeSpan? after)
    {
        _after = after;
        _listener.Start(4_096);
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public int Requests => Volatile.Read(ref _requests);

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was disposed: the round is over.
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var _ = socket;
        socket.NoDelay = true;
        var buffer = new byte[16 * 1024];
        var have = 0;
        while (true)
        {
            var read = await ReceiveAsync(socket, buffer.AsMemory(have));
            if (read == 0)
                return;
            have += read;
            if (LengthOf(buffer.AsSpan(0, have)) is not { } length || have < length)
                continue;
            Interlocked.Increment(ref _requests);
            have = 0;
            if (_after is null)
                continue;
            if (_after > TimeSpan.Zero)
                await Task.Delay(_after.Value);
            await socket.SendAsync(Answer);
        }
    }

    /// <summary>A peer that went away is the end of the connection like any other.</summary>
    private static async ValueTask<int> ReceiveAsync(Socket socket, Memory<byte> into)
    {
        try
        {
            return await socket.ReceiveAsync(into);
        }
        catch (SocketException)
        {
            return 0;
        }
    }

    private static int? LengthOf(ReadOnlySpan<byte> request)
    {
        var end = request.IndexOf("\r\n\r\n"u8);
        if (end < 0)
            return null;
        var name = "Content-Length: "u8;
        var at = request.IndexOf(name);
        var digits = request[(at + name.Length)..];
        return end
            + 4
            + int.Parse(digits[..digits.IndexOf((byte)'\r')], System.Globalization.CultureInfo.InvariantCulture);
    }
}
