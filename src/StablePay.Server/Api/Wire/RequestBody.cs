using System.Buffers;
using System.IO.Pipelines;

namespace StablePay.Server.Api.Wire;

/// <summary>
/// The raw bytes of a request, read once into a borrowed buffer: signature and parser see the same bytes (API-03).
/// </summary>
internal sealed class RequestBody : IDisposable
{
    /// <summary>The largest body; a larger one is refused with 413 (API-09).</summary>
    public const int MaxLength = 256 * 1024;

    private const int FirstRent = 2 * 1024;

    private byte[] _buffer = [];
    private int _length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Reads to the end. False when the body is too large.</summary>
    public async ValueTask<bool> TryReadAsync(HttpRequest request, CancellationToken ct)
    {
        if (
            request.ContentLength is 0
            || (request.ContentLength is null && !request.Headers.ContainsKey("Transfer-Encoding"))
        )
            return true;
        if (request.ContentLength > MaxLength)
            return false;
        _buffer = ArrayPool<byte>.Shared.Rent((int)(request.ContentLength ?? FirstRent));
        try
        {
            return await TryReadAsync(request.BodyReader, ct);
        }
        catch (BadHttpRequestException e) when (e.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            // The server's own limit, which is higher, was met before ours by a body without a length.
            return false;
        }
    }

    private async ValueTask<bool> TryReadAsync(PipeReader reader, CancellationToken ct)
    {
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (_length + read.Buffer.Length > MaxLength)
            {
                reader.AdvanceTo(read.Buffer.End);
                return false;
            }
            Append(read.Buffer);
            reader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
                return true;
        }
    }

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        (_buffer, _length) = ([], 0);
    }

    private void Append(in ReadOnlySequence<byte> part)
    {
        var needed = _length + (int)part.Length;
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, _buffer.Length * 2));
            _buffer.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        part.CopyTo(_buffer.AsSpan(_length));
        _length = needed;
    }
}
