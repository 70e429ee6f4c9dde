using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace StablePay.Bench.Load;

/// <summary>Signed session creations, built before the clock runs.</summary>
public static class SignedRequests
{
    public static ConcurrentQueue<byte[]> Create(
        int count,
        int port,
        string apiKey,
        string secret,
        long timestamp,
        string run
    )
    {
        var requests = new ConcurrentQueue<byte[]>();
        var key = Encoding.UTF8.GetBytes(secret);
        for (var i = 0; i < count; i++)
        {
            var body =
                $$"""{"amount":2599,"currency":"USD","order_id":"{{run}}-{{i}}","description":"Stoneware mug"}""";
            var nonce = $"{run}-{i:D12}-nonce";
            var mac = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{timestamp}.{nonce}.{body}"));
            requests.Enqueue(
                Encoding.UTF8.GetBytes(
                    $"POST /api/v1/checkout/sessions/create HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n"
                        + $"Content-Type: application/json\r\nAuthorization: Bearer {apiKey}\r\n"
                        + $"X-StablePay-Timestamp: {timestamp}\r\nX-StablePay-Nonce: {nonce}\r\n"
                        + $"X-StablePay-Signature: {Convert.ToHexStringLower(mac)}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}"
                )
            );
        }
        return requests;
    }
}
