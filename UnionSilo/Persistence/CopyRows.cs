using System.Buffers.Binary;
using System.Text;
using Npgsql;
using UnionDomain.Kernel;

namespace UnionSilo.Persistence;

/// <summary>
/// Rows in PostgreSQL's binary COPY format, written into one reused buffer. Stored JSON is already the UTF-8 that the database keeps,
/// so it is copied, never decoded.
/// </summary>
internal sealed class CopyRows(string table, params string[] columns)
{
    private static readonly byte[] Header = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
    private static readonly int Epoch = new DateOnly(2000, 1, 1).DayNumber;

    private readonly string sql = $"COPY {table} ({string.Join(", ", columns)}) FROM STDIN (FORMAT BINARY)";
    private byte[] buffer = new byte[64 * 1024];
    private int length;

    public bool IsEmpty => length == 0;

    public void Clear() => length = 0;

    public void BeginRow()
    {
        if (length == 0) Append(Header);
        BinaryPrimitives.WriteInt16BigEndian(Take(2), (short)columns.Length);
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Int(-1);
            return;
        }

        var most = Encoding.UTF8.GetMaxByteCount(value.Length);
        Reserve(4 + most);
        var written = Encoding.UTF8.GetBytes(value, buffer.AsSpan(length + 4));
        BinaryPrimitives.WriteInt32BigEndian(buffer.AsSpan(length), written);
        length += 4 + written;
    }

    /// <summary>Text that is UTF-8 already, or plain bytes.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int(value.Length);
        Append(value);
    }

    public void Number(long value)
    {
        Int(8);
        BinaryPrimitives.WriteInt64BigEndian(Take(8), value);
    }

    public void Number(int value)
    {
        Int(4);
        Int(value);
    }

    public void Uuid(Guid value)
    {
        Int(16);
        value.TryWriteBytes(Take(16), bigEndian: true, out _);
    }

    // The driver takes the first and the last day for the infinities, when it writes and when it reads.
    public void Date(DateOnly value) => Number(value == DateOnly.MaxValue ? int.MaxValue : value == DateOnly.MinValue ? int.MinValue : value.DayNumber - Epoch);

    public void Flag(bool value)
    {
        Int(1);
        Take(1)[0] = value ? (byte)1 : (byte)0;
    }

    public void Instant(DateTimeOffset value) => Number((value.UtcTicks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond - 946_684_800_000_000);

    /// <summary>A value of a read model's row.</summary>
    public void Value(object? value, ColumnType type)
    {
        if (value is null)
        {
            Int(-1);
            return;
        }

        switch (type)
        {
            case ColumnType.Text: Text((string)value); break;
            case ColumnType.Number: Number((long)value); break;
            case ColumnType.Date: Date((DateOnly)value); break;
            case ColumnType.Flag: Flag((bool)value); break;
            default: throw new System.Diagnostics.UnreachableException();
        }
    }

    /// <summary>Sends the rows. A conflict appears here.</summary>
    public async Task Send(NpgsqlConnection connection, CancellationToken cancel)
    {
        if (length == 0) return;
        BinaryPrimitives.WriteInt16BigEndian(Take(2), -1);
        var stream = await connection.BeginRawBinaryCopyAsync(sql, cancel);
        await using (stream) await stream.WriteAsync(buffer.AsMemory(0, length), cancel);
    }

    private void Int(int value) => BinaryPrimitives.WriteInt32BigEndian(Take(4), value);

    private void Append(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Take(bytes.Length));

    private Span<byte> Take(int bytes)
    {
        Reserve(bytes);
        length += bytes;
        return buffer.AsSpan(length - bytes, bytes);
    }

    private void Reserve(int bytes)
    {
        if (length + bytes > buffer.Length) Array.Resize(ref buffer, Math.Max(length + bytes, buffer.Length * 2));
    }
}
