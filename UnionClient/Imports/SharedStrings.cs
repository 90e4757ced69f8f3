using System.Buffers.Binary;
using System.Text;
using UnionDomain.Kernel;

namespace UnionClient.Imports;

/// <summary>The texts that cells of a workbook share, each with what it takes in UTF-8: a million rows have millions of them, and as strings they would take several times as much.</summary>
internal sealed class SharedStrings
{
    private const int ChunkBytes = 1 << 20;
    private const int MostChunks = 128;
    private const int LengthBytes = sizeof(ushort);

    // The place of every so manieth is kept; to the others it is a few steps.
    private const int Stride = 16;

    private readonly List<byte[]> chunks = [];
    private readonly List<int> places = [];
    private int count;
    private int at = ChunkBytes;

    /// <summary>Adds the next text.</summary>
    /// <exception cref="RefusedException">There are too many.</exception>
    public void Add(StringBuilder text)
    {
        var bytes = Encoding.UTF8.GetBytes(text.ToString());
        if (at + LengthBytes + bytes.Length > ChunkBytes)
        {
            if (chunks.Count == MostChunks) throw new RefusedException(SheetFileRules.WorkbookTooLarge.With("most", MostChunks * ChunkBytes >> 20));
            if (at + LengthBytes <= ChunkBytes) BinaryPrimitives.WriteUInt16LittleEndian(chunks[^1].AsSpan(at), ushort.MaxValue);
            chunks.Add(new byte[ChunkBytes]);
            at = 0;
        }

        if (count++ % Stride == 0) places.Add(((chunks.Count - 1) * ChunkBytes) + at);
        BinaryPrimitives.WriteUInt16LittleEndian(chunks[^1].AsSpan(at), (ushort)bytes.Length);
        bytes.CopyTo(chunks[^1], at + LengthBytes);
        at += LengthBytes + bytes.Length;
    }

    /// <summary>The text of a number, from 0; null when there is none.</summary>
    public string? Of(int number)
    {
        if (number < 0 || number >= count) return null;
        var (chunk, place) = Math.DivRem(places[number / Stride], ChunkBytes);
        for (var left = number % Stride; ; left--)
        {
            var length = place + LengthBytes > ChunkBytes ? ushort.MaxValue : BinaryPrimitives.ReadUInt16LittleEndian(chunks[chunk].AsSpan(place));
            if (length == ushort.MaxValue)
            {
                (chunk, place) = (chunk + 1, 0);
                length = BinaryPrimitives.ReadUInt16LittleEndian(chunks[chunk]);
            }

            if (left == 0) return Encoding.UTF8.GetString(chunks[chunk], place + LengthBytes, length);
            place += LengthBytes + length;
        }
    }
}
