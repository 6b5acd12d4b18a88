using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace AllInOne.Core.State.Operations;

/// <summary>
/// A list in memory: its JSON text in pieces, so that a change at either end copies one piece and not the whole list. Immutable: a caller that has a
/// list is not affected by later changes. Each element keeps its original bytes. A piece consists of some elements with the commas between them.
/// </summary>
internal sealed class JsonList
{
    /// <summary>A piece of this length gets no further element.</summary>
    private const int PieceBytes = 2048;

    /// <summary>The memory of a piece in addition to its bytes: a node of the tree and the header of the array.</summary>
    private const int PieceOverhead = 104;

    private static readonly JsonReaderOptions Deep = new() { MaxDepth = 1000 };

    private readonly ImmutableList<ReadOnlyMemory<byte>> _pieces;

    private JsonList(ImmutableList<ReadOnlyMemory<byte>> pieces, int count, int length, long size) =>
        (_pieces, Count, Length, Size) = (pieces, count, length, size);

    public static JsonList Empty { get; } = new([], 0, 2, 0);

    public int Count { get; }

    /// <summary>The length of its JSON in bytes.</summary>
    public int Length { get; }

    /// <summary>The approximate memory that it takes, in bytes.</summary>
    public long Size { get; }

    /// <param name="json">A valid JSON array.</param>
    public static JsonList Parse(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json, Deep);
        reader.Read();
        var pieces = ImmutableList.CreateBuilder<ReadOnlyMemory<byte>>();
        var (count, length, start, end, size) = (0, 1, -1, 0, 0L);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            start = start < 0 ? (int)reader.TokenStartIndex : start;
            reader.Skip();
            end = (int)reader.BytesConsumed;
            count++;
            if (end - start >= PieceBytes)
            {
                Cut(json);
            }
        }

        if (start >= 0)
        {
            Cut(json);
        }

        return new JsonList(pieces.ToImmutable(), count, Math.Max(length, 2), size);

        // A copy, because a slice would keep the whole text in memory.
        void Cut(ReadOnlySpan<byte> all)
        {
            pieces.Add(all[start..end].ToArray());
            length += end - start + 1;
            size += SizeOf(pieces[^1]);
            start = -1;
        }
    }

    /// <summary>Returns a list with these elements at the end.</summary>
    public JsonList Append(IReadOnlyList<ReadOnlyMemory<byte>> elements)
    {
        var open = Count > 0 && _pieces[^1].Length < PieceBytes ? _pieces[^1] : default;
        ReadOnlyMemory<byte> piece = Joined(open, elements);
        return open.IsEmpty
            ? With(_pieces.Add(piece), elements, Size + SizeOf(piece))
            : With(_pieces.SetItem(_pieces.Count - 1, piece), elements, Size + SizeOf(piece) - SizeOf(open));
    }

    /// <summary>Returns a list with these elements at the beginning.</summary>
    public JsonList Prepend(IReadOnlyList<ReadOnlyMemory<byte>> elements)
    {
        ReadOnlyMemory<byte> piece = Joined(default, elements);
        return With(_pieces.Insert(0, piece), elements, Size + SizeOf(piece));
    }

    /// <summary>Takes the first or the last element. Returns it with the rest of the list, which must not be empty.</summary>
    public (ReadOnlyMemory<byte> Element, JsonList Left) Take(bool last)
    {
        var at = last ? _pieces.Count - 1 : 0;
        var piece = _pieces[at];
        var element = last ? piece[StartOfLast(piece.Span)..] : piece[..EndOfFirst(piece.Span)];
        if (element.Length == piece.Length)
        {
            return (element, new JsonList(_pieces.RemoveAt(at), Count - 1, Math.Max(2, Length - piece.Length - 1), Size - SizeOf(piece)));
        }

        // Remove the comma too, and the white space around it.
        var left = last ? piece[..^element.Length].TrimEnd(" \t\r\n"u8)[..^1].TrimEnd(" \t\r\n"u8)
            : piece[element.Length..].TrimStart(" \t\r\n"u8)[1..].TrimStart(" \t\r\n"u8);
        var length = Length - (piece.Length - left.Length);
        left = HeldBy(left) > 2 * left.Length ? left.ToArray() : left;
        return (element, new JsonList(_pieces.SetItem(at, left), Count - 1, length, Size - SizeOf(piece) + SizeOf(left)));
    }

    public byte[] ToJson()
    {
        var json = new byte[Length];
        json[0] = (byte)'[';
        var at = 1;
        foreach (var piece in _pieces)
        {
            if (at > 1)
            {
                json[at++] = (byte)',';
            }

            piece.Span.CopyTo(json.AsSpan(at));
            at += piece.Length;
        }

        json[at] = (byte)']';
        return json;
    }

    private static long SizeOf(ReadOnlyMemory<byte> piece) => PieceOverhead + HeldBy(piece);

    /// <summary>The size of the array that a piece keeps alive. A piece from which elements were taken still keeps its whole array.</summary>
    private static int HeldBy(ReadOnlyMemory<byte> piece) =>
        MemoryMarshal.TryGetArray(piece, out var segment) ? segment.Array!.Length : piece.Length;

    private static byte[] Joined(ReadOnlyMemory<byte> before, IReadOnlyList<ReadOnlyMemory<byte>> elements)
    {
        var length = before.IsEmpty ? -1 : before.Length;
        for (var n = 0; n < elements.Count; n++)
        {
            length += elements[n].Length + 1;
        }

        var joined = new byte[length];
        before.Span.CopyTo(joined);
        var at = before.Length;
        for (var n = 0; n < elements.Count; n++)
        {
            if (at > 0)
            {
                joined[at++] = (byte)',';
            }

            elements[n].Span.CopyTo(joined.AsSpan(at));
            at += elements[n].Length;
        }

        return joined;
    }

    private static int EndOfFirst(ReadOnlySpan<byte> piece)
    {
        var reader = new Utf8JsonReader(piece, Deep);
        reader.Read();
        reader.Skip();
        return (int)reader.BytesConsumed;
    }

    /// <summary>Searches from the end. This is possible because the JSON is valid.</summary>
    private static int StartOfLast(ReadOnlySpan<byte> piece)
    {
        var depth = 0;
        for (var at = piece.Length - 1; at >= 0; at--)
        {
            switch (piece[at])
            {
                case (byte)'"':
                    at = OpeningQuote(piece, at);
                    break;
                case (byte)']' or (byte)'}':
                    depth++;
                    break;
                case (byte)'[' or (byte)'{':
                    depth--;
                    break;
                case (byte)',' when depth == 0:
                    return at + 1 + piece[(at + 1)..].IndexOfAnyExcept(" \t\r\n"u8);
            }
        }

        return 0;
    }

    /// <summary>Finds the quote that opens a string. A quote within the string has an odd number of backslashes before it.</summary>
    private static int OpeningQuote(ReadOnlySpan<byte> piece, int closing)
    {
        var at = closing;
        int other;
        do
        {
            at = piece[..at].LastIndexOf((byte)'"');
            other = piece[..at].LastIndexOfAnyExcept((byte)'\\');
        }
        while ((at - other) % 2 == 0);

        return at;
    }

    private JsonList With(ImmutableList<ReadOnlyMemory<byte>> pieces, IReadOnlyList<ReadOnlyMemory<byte>> elements, long size)
    {
        var length = Count == 0 ? 1 : Length;
        for (var n = 0; n < elements.Count; n++)
        {
            length += elements[n].Length + 1;
        }

        return new JsonList(pieces, Count + elements.Count, length, size);
    }
}
