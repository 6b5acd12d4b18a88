using System.Buffers.Binary;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>The few places in a page of LiteDB 5 that the files need. Numbers are little-endian. Source: BasePage, HeaderPage and EnginePragmas.</summary>
internal static class LitePage
{
    /// <summary>The bytes of a page. The file is a sequence of pages; page 0 is the header page.</summary>
    public const int Size = 8192;

    private const int TransactionId = 14;
    private const int Confirmed = 18;
    private const byte HeaderType = 1;

    /// <summary>Whether the page is the last one of a transaction that was committed. Only set in the log.</summary>
    public static bool IsConfirmed(ReadOnlySpan<byte> page) => page[Confirmed] != 0;

    /// <summary>Whether the page is a version of the header page.</summary>
    public static bool IsHeader(ReadOnlySpan<byte> page) => BinaryPrimitives.ReadUInt32LittleEndian(page) == 0 && page[4] == HeaderType;

    /// <summary>Removes what a page has only in the log, as LiteDB does when it copies the page into the data file.</summary>
    public static void ClearTransaction(Span<byte> page)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(page[TransactionId..], uint.MaxValue);
        page[Confirmed] = 0;
    }
}
