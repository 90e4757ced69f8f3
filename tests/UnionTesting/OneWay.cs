namespace UnionTesting;

/// <summary>A stream that can only be read, as one that comes over a network.</summary>
public class OneWay(Stream inner) : Stream
{
    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => inner.Read(buffer, offset, count);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}

/// <summary>A file that is nowhere: a beginning, then the same piece again and again for so many bytes, and an end.</summary>
public sealed class Repeated(byte[] beginning, long length, byte[] piece, byte[] end) : OneWay(Null)
{
    private long at;

    public override int Read(byte[] buffer, int offset, int count)
    {
        var from = at < beginning.Length ? beginning.AsSpan((int)at)
            : at < beginning.Length + length ? piece.AsSpan((int)((at - beginning.Length) % piece.Length))
            : end.AsSpan((int)Math.Min(end.Length, at - beginning.Length - length));
        if (at >= beginning.Length && at < beginning.Length + length) from = from[..(int)Math.Min(from.Length, beginning.Length + length - at)];
        from = from[..Math.Min(count, from.Length)];
        from.CopyTo(buffer.AsSpan(offset));
        at += from.Length;
        return from.Length;
    }
}
