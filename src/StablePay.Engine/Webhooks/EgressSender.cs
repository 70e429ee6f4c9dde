using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using StablePay.Core.Webhooks;

namespace StablePay.Engine.Webhooks;

/// <summary>Bounds of one try (contract section 8, WH-07).</summary>
/// <param name="Connect">Name lookup, TCP and TLS together.</param>
/// <param name="Total">From the start until the answer's headers.</param>
/// <param name="Drain">How long the rest of an answer is read, for the sake of using its connection again.</param>
/// <param name="ResponseBytes">How much of an answer's body is read at most.</param>
/// <param name="ConnectionsPerHost">Open connections to one host and port, in each mode.</param>
public sealed record EgressLimits(
    TimeSpan Connect,
    TimeSpan Total,
    TimeSpan Drain,
    int ResponseBytes,
    int ConnectionsPerHost
)
{
    public static readonly EgressLimits Default = new(
        TimeSpan.FromSeconds(5),
        TimeSpan.FromSeconds(30),
        TimeSpan.FromSeconds(2),
        64 * 1024,
        256
    );
}

/// <summary>Looks up a host's addresses. A seam for tests of changing answers (WH-02).</summary>
public delegate Task<IPAddress[]> ResolveHost(string host, CancellationToken ct);

/// <summary>
/// Sends webhooks to hosts that nobody vouches for: no redirects, cookies, proxy or decompression; the address is
/// checked where the socket is opened, on the very address that is dialled; the answer counts by its status and is not
/// kept.
/// </summary>
public sealed class EgressSender : IHttpSender, IDisposable
{
    private const string Lost = "connection_lost";

    private static readonly MediaTypeHeaderValue Json = new("application/json");

    /// <summary>Set on the request for which a connection is opened.</summary>
    private static readonly HttpRequestOptionsKey<bool> Dialled = new("dialled");

    private readonly EgressGuard _guard;
    private readonly EgressLimits _limits;
    private readonly TimeProvider _clock;
    private readonly ResolveHost _resolve;

    // A blocking lookup holds a thread of the pool, so that a few hundred slow names would stop the process.
    private readonly SemaphoreSlim _lookups = new(64);

    // One pool for each mode: a live delivery must never ride on a connection that only test mode may open.
    private readonly HttpMessageInvoker _live;
    private readonly HttpMessageInvoker _test;

    public EgressSender(EgressGuard guard, EgressLimits limits, TimeProvider clock, ResolveHost? resolve = null)
    {
        (_guard, _limits, _clock) = (guard, limits, clock);
        _resolve = resolve ?? Dns.GetHostAddressesAsync;
        _live = NewPool(live: true);
        _test = NewPool(live: false);
    }

    public async Task<DeliveryOutcome> SendAsync(WebhookRequest request, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(_limits.Total, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            var (outcome, dialled) = await TryAsync(request, either.Token);

            // A receiver may close a connection it kept at the moment that we use it again. That says nothing of the
            // receiver, so it costs no try of the schedule; a second copy is what every receiver must expect.
            return outcome.Error == Lost && !dialled ? (await TryAsync(request, either.Token)).Outcome : outcome;
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException e)
        {
            return new(null, limit.IsCancellationRequested ? "timeout" : WordFor(e));
        }
    }

    public void Dispose()
    {
        _live.Dispose();
        _test.Dispose();
        _lookups.Dispose();
    }

    /// <summary>One request on one connection, and whether a connection was opened for it.</summary>
    private async Task<(DeliveryOutcome Outcome, bool Dialled)> TryAsync(WebhookRequest request, CancellationToken ct)
    {
        using var message = new HttpRequestMessage(HttpMethod.Post, request.Url)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent(request.Body),
        };
        message.Content.Headers.ContentType = Json;
        request.Headers.AddTo(message.Headers);
        try
        {
            using var response = await (request.Live ? _live : _test).SendAsync(message, ct);
            await DrainAsync(response, ct);
            return (new((int)response.StatusCode, null), false);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            return (new(null, WordFor(e)), message.Options.TryGetValue(Dialled, out _));
        }
    }

    private HttpMessageInvoker NewPool(bool live) =>
        new(
            new SocketsHttpHandler
            {
                ActivityHeadersPropagator = null,
                AllowAutoRedirect = false,
                AutomaticDecompression = DecompressionMethods.None,
                ConnectCallback = (context, ct) => ConnectAsync(context, live, ct),
                ConnectTimeout = _limits.Connect,
                MaxConnectionsPerServer = _limits.ConnectionsPerHost,
                MaxResponseDrainSize = 0,
                MaxResponseHeadersLength = 16,
                PooledConnectionIdleTimeout = TimeSpan.FromSeconds(60),

                // Names are looked up again this often, so that a receiver can move.
                PooledConnectionLifetime = TimeSpan.FromMinutes(2),
                ResponseDrainTimeout = _limits.Drain,
                UseCookies = false,
                UseProxy = false,
            }
        );

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, bool live, CancellationToken ct)
    {
        context.InitialRequestMessage.Options.Set(Dialled, true);
        var isPlain = context.InitialRequestMessage.RequestUri!.Scheme == Uri.UriSchemeHttp;
        var addresses = await LookUpAsync(context.DnsEndPoint.Host, ct);
        var allowed = addresses
            .Where(address => _guard.MayDial(address, live, isPlain))
            .OrderBy(address => address.AddressFamily == AddressFamily.InterNetwork ? 0 : 1)
            .ToArray();
        if (allowed.Length == 0)
            throw new AddressRefusedException();
        for (var i = 0; ; i++)
        {
            try
            {
                return await DialAsync(new IPEndPoint(allowed[i], context.DnsEndPoint.Port), allowed.Length - i, ct);
            }
            catch (Exception e)
                when (i < allowed.Length - 1
                    && !ct.IsCancellationRequested
                    && e is SocketException or OperationCanceledException
                )
            {
                // The next address may answer; the last one's failure is the one that is told.
            }
        }
    }

    private async Task<Stream> DialAsync(IPEndPoint target, int left, CancellationToken ct)
    {
        // A dead first address leaves time for the others.
        using var share = new CancellationTokenSource(_limits.Connect / left, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, share.Token);
        var socket = new Socket(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(target, either.Token);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<IPAddress[]> LookUpAsync(string host, CancellationToken ct)
    {
        if (IPAddress.TryParse(host, out var literal))
            return [literal];
        await _lookups.WaitAsync(ct);
        try
        {
            return await _resolve(host, ct);
        }
        finally
        {
            _lookups.Release();
        }
    }

    /// <summary>Reads what is left of a short answer, so that its connection serves the next try too.</summary>
    private async Task DrainAsync(HttpResponseMessage response, CancellationToken ct)
    {
        if (response.Content.Headers.ContentLength is 0)
            return;
        using var limit = new CancellationTokenSource(_limits.Drain, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        var buffer = ArrayPool<byte>.Shared.Rent(8 * 1024);
        try
        {
            await using var body = await response.Content.ReadAsStreamAsync(either.Token);
            for (var left = _limits.ResponseBytes; left > 0; )
            {
                var read = await body.ReadAsync(buffer.AsMemory(0, Math.Min(left, buffer.Length)), either.Token);
                if (read == 0)
                    return;
                left -= read;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or OperationCanceledException)
        {
            // The status has been given; how the rest of the answer ends changes only that its connection is closed.
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A word of ours for what happened: the receiver's text must not come out anywhere (WH-06).</summary>
    private static string WordFor(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case AddressRefusedException:
                    return "address_refused";
                case TimeoutException:
                    return "connect_timeout";
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused }:
                    return "connection_refused";
                case SocketException
                {
                    SocketErrorCode: SocketError.HostNotFound or SocketError.TryAgain or SocketError.NoData
                }:
                    return "name_not_found";
                case SocketException
                {
                    SocketErrorCode: SocketError.ConnectionReset
                        or SocketError.ConnectionAborted
                        or SocketError.Shutdown
                }
                    when exception
                        is not HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError }:
                    return Lost;
            }
        }
        return exception is not HttpRequestException http
            ? exception is IOException
                ? Lost
                : "connect_timeout"
            : http.HttpRequestError switch
            {
                HttpRequestError.NameResolutionError => "name_not_found",
                HttpRequestError.SecureConnectionError => "tls_failed",
                HttpRequestError.ConnectionError => "connection_failed",
                HttpRequestError.ConfigurationLimitExceeded => "answer_too_large",
                HttpRequestError.ResponseEnded => Lost,
                HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => "answer_invalid",
                _ => "failed",
            };
    }

    /// <summary>Every address of the host is in a range that webhooks must not reach.</summary>
    private sealed class AddressRefusedException() : Exception("the address is not public");
}
