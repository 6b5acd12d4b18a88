using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AllInOne.Core.Storage;

/// <summary>
/// The identity of the file with a given name. It is not enough that a file exists: the next connection creates a missing WAL again, while a
/// connection that has the deleted WAL open still writes to the deleted one. Works on Linux only; on other systems all files with a name count as the
/// same.
/// </summary>
internal readonly partial record struct FileIdentity(ulong Device, ulong Number)
{
    private const int CurrentDirectory = -100;
    private const uint WantedNumber = 0x100;
    private const int AnswerBytes = 256;
    private const int NoSuchFile = 2;
    private const int NoSuchDirectory = 20;

    /// <summary>The identity of the file; null if the file does not exist.</summary>
    public static FileIdentity? Of(string path)
    {
        if (OperatingSystem.IsLinux())
        {
            Span<byte> answer = stackalloc byte[AnswerBytes];
            if (Ask(CurrentDirectory, path, 0, WantedNumber, ref MemoryMarshal.GetReference(answer)) == 0)
            {
                // struct statx is the same on every architecture: stx_ino, then stx_dev_major and stx_dev_minor.
                return new FileIdentity(BinaryPrimitives.ReadUInt64LittleEndian(answer[136..]), BinaryPrimitives.ReadUInt64LittleEndian(answer[32..]));
            }

            if (Marshal.GetLastPInvokeError() is NoSuchFile or NoSuchDirectory)
            {
                return null;
            }
        }

        return File.Exists(path) ? default(FileIdentity) : null;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int directory, string path, int flags, uint mask, ref byte answer);
}
