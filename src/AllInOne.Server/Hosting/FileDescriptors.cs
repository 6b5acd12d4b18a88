using System.Runtime.InteropServices;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The check of the limit of open files (RLIMIT_NOFILE), before anything else runs. Without enough of them, the runtime cannot load its own
/// files, and the process dies with a stack trace. .NET raises the soft limit to the hard one at its start, so a limit that is too
/// low here needs an administrator. The check uses only libc, because it must not need a file for which there is no descriptor.
/// </summary>
internal static partial class FileDescriptors
{
    /// <summary>
    /// How many file descriptors the server needs to start and to serve a few clients. About 245 are open when it is idle (222 of them are files of
    /// the .NET runtime); the rest is for clients, jobs and backups. The number is a constant, not a sum over the options, because the limits of
    /// connections (20,000 live ones by default) are upper bounds and not requirements. If there are more clients than descriptors, the server
    /// refuses connections but does not exit. The check runs before the configuration is read, because its files need descriptors too.
    /// </summary>
    public const int Needed = 400;

    private const int StandardError = 2;

    /// <summary>Whether there are enough file descriptors. If not, one line on the error stream says how to get more.</summary>
    public static bool AreEnough()
    {
        if (OperatingSystem.IsWindows() || GetLimit(OperatingSystem.IsLinux() ? 7 : 8, out var limit) != 0 || limit.Soft >= Needed)
        {
            return true;
        }

        var line = "AllInOne: the limit of open files is " + limit.Soft + ", and the server needs at least " + Needed
            + "; raise it with `ulimit -n 1024`, or LimitNOFILE=1024 in a systemd unit\n";
        var bytes = new byte[line.Length];
        for (var n = 0; n < bytes.Length; n++)
        {
            bytes[n] = (byte)line[n];
        }

        _ = Write(StandardError, bytes, (nuint)bytes.Length);
        return false;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, byte[] bytes, nuint count);

    [StructLayout(LayoutKind.Sequential)]
    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
