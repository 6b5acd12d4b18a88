namespace AllInOne.Core.Documents.LiteDb.Files.Disk;

/// <summary>
/// The calls to the operating system for one open file. The data file and its log use no other calls, so a test can replace them with a disk that is
/// full, that fails or that loses power. One thread at a time uses an instance.
/// </summary>
internal interface IFileIo : IDisposable
{
    /// <summary>The length in bytes.</summary>
    /// <exception cref="IOException">The length cannot be read.</exception>
    long Length { get; }

    /// <summary>Reads until the span is full or the file ends.</summary>
    /// <returns>The number of bytes read; less than the length of the span only at the end of the file.</returns>
    /// <exception cref="IOException">The file cannot be read.</exception>
    int Read(long offset, Span<byte> into);

    /// <summary>Writes the parts one after the other with one call. If it fails, any part of them may be in the file.</summary>
    /// <exception cref="IOException">The parts were not all written, for example because the disk is full.</exception>
    void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts);

    /// <summary>Returns after all bytes written so far, and the length, are on the disk.</summary>
    /// <exception cref="IOException">
    /// At least one write did not reach the disk. It is unknown which one, and a later success does not include it: the bytes must be written again.
    /// </exception>
    void Sync();

    /// <exception cref="IOException">The length cannot be changed.</exception>
    void SetLength(long length);
}

/// <summary>Opens a file for reading and writing and locks it against other processes. <see cref="DiskFile.Open"/> is the one of the product.</summary>
/// <exception cref="IOException">The file cannot be opened, or another process has it open.</exception>
/// <exception cref="UnauthorizedAccessException">The user may not read and write the file, or the path is a directory.</exception>
internal delegate IFileIo FileOpener(string path, FileMode mode);
