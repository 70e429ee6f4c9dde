namespace StablePay.Bench.Blocks;

/// <summary>Parts one after the other, without copying them together.</summary>
internal sealed class JoinedStream(byte[][] parts) : Stream
{
    private int _part;
    private int _offset;

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(Span<byte> buffer)
    {
        while (_part < parts.Length && _offset == parts[_part].Length)
            (_part, _offset) = (_part + 1, 0);
        if (_part == parts.Length)
            return 0;
        var count = Math.Min(buffer.Length, parts[_part].Length - _offset);
        parts[_part].AsSpan(_offset, count).CopyTo(buffer);
        _offset += count;
        return count;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken ct = default) =>
        ValueTask.FromResult(Read(buffer.Span));

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
