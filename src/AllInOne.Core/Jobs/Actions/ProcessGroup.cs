using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>
/// A program and all that it starts, as one thing that can be ended. <c>setsid</c> (util-linux, on every Linux) makes the session and becomes the
/// program, so the process that was started leads the group. What makes a session of its own escapes.
/// </summary>
internal static partial class ProcessGroup
{
    /// <summary>By this a program is known to be a run's, also by a later server.</summary>
    public const string RunVariable = "ALLINONE_RUN";

    private const int SigTerm = 15;
    private const int SigKill = 9;

    public static ProcessStartInfo StartOf(string file, IReadOnlyList<string> arguments) =>
        OperatingSystem.IsLinux() ? new ProcessStartInfo("setsid", [file, .. arguments]) : new ProcessStartInfo(file, arguments);

    /// <summary>Of a program that has not ended.</summary>
    public static void Terminate(int leader) => Signal(leader, SigTerm, hasEnded: false);

    /// <param name="hasEnded">Whether the leader has, whose number may be another one's by now.</param>
    public static void Kill(int leader, bool hasEnded) => Signal(leader, SigKill, hasEnded);

    /// <summary>Kills the programs of these runs that a server which died has left.</summary>
    /// <returns>How many processes that were.</returns>
    public static int KillLeft(IReadOnlyCollection<long> runs)
    {
        if (!OperatingSystem.IsLinux() || runs.Count == 0)
        {
            return 0;
        }

        var marks = runs.Select(run => string.Create(CultureInfo.InvariantCulture, $"\0{RunVariable}={run}\0")).ToList();
        var killed = 0;
        foreach (var process in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(process), CultureInfo.InvariantCulture, out var id)
                && Environment(process) is { } environment && marks.Any(mark => environment.Contains(mark, StringComparison.Ordinal))
                && SendSignal(id, SigKill) == 0)
            {
                killed++;
            }
        }

        return killed;
    }

    private static string? Environment(string process)
    {
        try
        {
            return "\0" + System.Text.Encoding.Latin1.GetString(File.ReadAllBytes($"{process}/environ"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            // It has ended, or is another user's.
            return null;
        }
    }

    private static void Signal(int leader, int signal, bool hasEnded)
    {
        if (OperatingSystem.IsLinux())
        {
            // Right after its start it leads no group yet.
            if (SendSignal(-leader, signal) != 0 && !hasEnded)
            {
                _ = SendSignal(leader, signal);
            }

            return;
        }

        try
        {
            using var process = Process.GetProcessById(leader);
            process.Kill(entireProcessTree: true);
        }
        catch (ArgumentException)
        {
            // It has ended.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
