using System.Runtime.InteropServices;

namespace AllInOne.Core.Storage;

/// <summary>
/// Brings to the disk which names a directory has: after a file was made, renamed or deleted in it, a loss of power may otherwise
/// undo that. .NET has no call for it; on Windows the file system sees to it.
/// </summary>
internal static partial class DirectorySync
{
    private const int ReadOnly = 0;

    /// <exception cref="IOException">The disk does not do it.</exception>
    public static void Flush(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var descriptor = Open(directory, ReadOnly);
        if (descriptor < 0)
        {
            throw Failure(directory);
        }

        try
        {
            if (Sync(descriptor) != 0)
            {
                throw Failure(directory);
            }
        }
        finally
        {
            _ = Close(descriptor);
        }
    }

    private static IOException Failure(string directory) =>
        new($"The directory '{directory}' cannot be brought to the disk: {Marshal.GetLastPInvokeErrorMessage()}");

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
