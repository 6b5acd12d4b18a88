using System.Runtime.InteropServices;

namespace AllInOne.Core.Documents.LiteDb.Files.Disk;

/// <summary>An open file of the operating system, without a buffer. The open file holds an exclusive lock, which ends with the process.</summary>
internal sealed partial class DiskFile : IFileIo
{
    private readonly FileStream _stream;

    private DiskFile(FileStream stream) => _stream = stream;

    public long Length => RandomAccess.GetLength(_stream.SafeFileHandle);

    /// <summary>Opens the file. A new file can be read and written by its owner only (mode 0600).</summary>
    /// <inheritdoc cref="FileOpener" path="/exception"/>
    public static IFileIo Open(string path, FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows() && mode is not FileMode.Open)
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new DiskFile(new FileStream(path, options));
    }

    public int Read(long offset, Span<byte> into)
    {
        var done = 0;
        while (done < into.Length)
        {
            var read = RandomAccess.Read(_stream.SafeFileHandle, into[done..], offset + done);
            if (read == 0)
            {
                break;
            }

            done += read;
        }

        return done;
    }

    public void Write(long offset, IReadOnlyList<ReadOnlyMemory<byte>> parts) => RandomAccess.Write(_stream.SafeFileHandle, parts, offset);

    public void Sync()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(_stream.SafeFileHandle);
            return;
        }

        // Unlike fsync, fdatasync does not write the times of the file, so it often saves one write of the file system's journal.
        if (SyncData(_stream.SafeFileHandle) != 0)
        {
            throw new IOException($"The file '{_stream.Name}' cannot be brought to the disk: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    public void SetLength(long length) => RandomAccess.SetLength(_stream.SafeFileHandle, length);

    public void Dispose() => _stream.Dispose();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(SafeHandle file);
}
