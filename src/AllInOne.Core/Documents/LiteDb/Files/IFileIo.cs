namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>An open file. Every method throws an <see cref="IOException"/> if the disk refuses it.</summary>
internal interface IFileIo : IDisposable
{
    long Length { get; }

    /// <summary>Fills the buffer. Fewer bytes in the file are an error.</summary>
    void Read(Span<byte> into, long at);

    /// <summary>Writes the parts one behind the other.</summary>
    void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts, long at);

    void SetLength(long length);

    /// <summary>Returns when everything that was written survives a loss of power.</summary>
    void Sync();
}
