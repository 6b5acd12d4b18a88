using System.Runtime.InteropServices;
using System.Text;

namespace AllInOne.Server.Hosting;

/// <summary>
/// Whether the process may open as many files as it needs (RLIMIT_NOFILE). Without this check a lower limit ends the runtime in the middle of a start,
/// with SIGABRT. It is the first code that runs and needs no assembly beyond the runtime's core, because each one that is loaded takes a descriptor.
/// The runtime has raised the soft limit to the hard one already.
/// </summary>
internal static partial class Descriptors
{
    /// <summary>
    /// At rest a server has some 245 descriptors open, most of them the runtime's own files. The rest is for the first clients; each further
    /// connection takes one.
    /// </summary>
    public const int Needed = 300;

    private const int StandardError = 2;

    /// <summary>False after one line on the error stream where the limit is too low.</summary>
    public static bool Suffice()
    {
        if (OperatingSystem.IsWindows())
        {
            return true;
        }

        // RLIMIT_NOFILE.
        var resource = OperatingSystem.IsMacOS() ? 8 : 7;
        if (GetLimit(resource, out var limit) != 0 || limit.Soft >= Needed)
        {
            return true;
        }

        var line = Encoding.UTF8.GetBytes(
            $"AllInOne: this process may open {limit.Soft} files, and needs {Needed} and one more for each connection: raise the limit with "
            + "'ulimit -n 20000' in the shell that starts it, or LimitNOFILE=20000 in its systemd unit\n");
        _ = Write(StandardError, line, line.Length);
        return false;
    }

    [LibraryImport("libc", EntryPoint = "getrlimit")]
    private static partial int GetLimit(int resource, out Limit limit);

    [LibraryImport("libc", EntryPoint = "write")]
    private static partial nint Write(int file, byte[] bytes, nint count);

    private struct Limit
    {
        public ulong Soft;
        public ulong Hard;
    }
}
