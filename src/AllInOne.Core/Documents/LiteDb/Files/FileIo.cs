using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AllInOne.Core.Documents.LiteDb.Files;

/// <summary>An open file of the file system. No other process can open it in the same way.</summary>
internal sealed partial class FileIo(string path) : IFileIo
{
    private readonly SafeFileHandle _file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    public long Length => RandomAccess.GetLength(_file);

    public void Read(Span<byte> into, long at)
    {
        while (into.Length > 0)
        {
            var read = RandomAccess.Read(_file, into, at);
            if (read == 0)
            {
                throw new EndOfStreamException($"{path} ends before byte {at + into.Length}");
            }

            into = into[read..];
            at += read;
        }
    }

    public void Write(IReadOnlyList<ReadOnlyMemory<byte>> parts, long at) => RandomAccess.Write(_file, parts, at);

    public void SetLength(long length) => RandomAccess.SetLength(_file, length);

    public void Sync()
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(_file);
            return;
        }

        // fdatasync leaves out the times of the file, which are not needed.
        var isHeld = false;
        _file.DangerousAddRef(ref isHeld);
        try
        {
            if (SyncData((int)_file.DangerousGetHandle()) != 0)
            {
                throw new IOException($"{path} cannot be brought to the disk: {Marshal.GetLastPInvokeErrorMessage()}");
            }
        }
        finally
        {
            _file.DangerousRelease();
        }
    }

    public void Dispose() => _file.Dispose();

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int SyncData(int descriptor);
}
