using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>
/// The process group of a program and its child processes, which can be stopped together. <c>setsid</c> (util-linux, on every Linux) makes the
/// session and then executes the program, so the started process leads the group. A child that makes its own session is not part of the group.
/// </summary>
internal static partial class ProcessGroup
{
    /// <summary>The environment variable that marks the program of a run, also for a later server process.</summary>
    public const string RunVariable = "ALLINONE_RUN";

    private const int SigTerm = 15;
    private const int SigKill = 9;

    public static ProcessStartInfo StartOf(string file, IReadOnlyList<string> arguments) =>
        OperatingSystem.IsLinux() ? new ProcessStartInfo("setsid", [file, .. arguments]) : new ProcessStartInfo(file, arguments);

    /// <summary>Sends a signal to the group of a program that still runs.</summary>
    public static void Terminate(int leader) => Signal(leader, SigTerm, hasEnded: false);

    /// <param name="hasEnded">Whether the leader has exited. Its process id may then belong to another process.</param>
    public static void Kill(int leader, bool hasEnded) => Signal(leader, SigKill, hasEnded);

    /// <summary>Kills the programs of these runs that a previous server process has left.</summary>
    /// <returns>The number of killed processes.</returns>
    public static int KillLeft(IReadOnlyCollection<RunId> runs)
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
            // The process has exited, or belongs to another user.
            return null;
        }
    }

    private static void Signal(int leader, int signal, bool hasEnded)
    {
        if (OperatingSystem.IsLinux())
        {
            // Directly after the start, the process does not lead a group yet.
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
            // The process has exited.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
