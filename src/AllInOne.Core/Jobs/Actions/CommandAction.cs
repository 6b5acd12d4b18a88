using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>
/// Runs a program without a shell, in its own session and process group. On cancellation, the group gets SIGTERM, and SIGKILL after the grace period.
/// When the program exits, processes that are left in its group are killed, too. The program reads the parameters of the run from its input, and the
/// last part of its output is kept. The configuration of the server is removed from its environment.
/// </summary>
internal sealed class CommandAction(JobsOptions options, string dataDirectory)
{
    private const string OwnConfiguration = "ALLINONE__";

    /// <summary>How long the output is read after the exit, because other processes may hold the pipe open.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<int, bool> _running = [];

    public async Task<RunResult> ActAsync(JobAction.Command action, RunTask task, CancellationToken stop)
    {
        if (!options.Commands.Enabled)
        {
            return RunResult.Bad("Programs may not be run (Jobs:Commands:Enabled).");
        }

        var directory = Path.GetFullPath(action.Directory ?? ".", dataDirectory);
        if (!Directory.Exists(directory))
        {
            return RunResult.Bad($"There is no directory {directory}.");
        }

        if (ProgramFile.Find(action, directory) is not { } file)
        {
            return RunResult.Bad($"There is no program {action.File} that may be run.");
        }

        using var process = new Process { StartInfo = StartOf(file, action, task, directory) };
        try
        {
            process.Start();
        }
        catch (Win32Exception broken)
        {
            return RunResult.Bad($"{action.File} cannot be started: {broken.Message}");
        }

        _running[process.Id] = true;
        return await WatchAsync(process, task, stop).ConfigureAwait(false);
    }

    /// <summary>Kills all programs at the end of the server, without a grace period.</summary>
    public void KillAll()
    {
        foreach (var process in _running.Keys)
        {
            ProcessGroup.Kill(process, hasEnded: false);
        }
    }

    private async Task<RunResult> WatchAsync(Process process, RunTask task, CancellationToken stop)
    {
        var talk = Task.WhenAll(
            ListenAsync(process.StandardOutput.BaseStream, task.Output), ListenAsync(process.StandardError.BaseStream, task.Output),
            TellAsync(process.StandardInput.BaseStream, task.Parameters));
        try
        {
            await process.WaitForExitAsync(stop).ConfigureAwait(false);
            return process.ExitCode == 0 ? RunResult.Good : RunResult.Bad(string.Create(CultureInfo.InvariantCulture, $"The program has ended with {process.ExitCode}."));
        }
        catch (OperationCanceledException)
        {
            ProcessGroup.Terminate(process.Id);
            using var grace = new CancellationTokenSource(options.StopGrace);
            await process.WaitForExitAsync(grace.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return new RunResult(RunOutcome.Cancelled, "The program was ended.");
        }
        finally
        {
            ProcessGroup.Kill(process.Id, process.HasExited);
            _running.TryRemove(process.Id, out _);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            await talk.WaitAsync(LastWords, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static ProcessStartInfo StartOf(string file, JobAction.Command action, RunTask task, string directory)
    {
        var start = ProcessGroup.StartOf(file, action.Args);
        start.WorkingDirectory = directory;
        start.RedirectStandardInput = start.RedirectStandardOutput = start.RedirectStandardError = true;
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith(OwnConfiguration, StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in action.Env)
        {
            start.Environment[name] = value;
        }

        start.Environment["ALLINONE_JOB"] = task.Job.Id.Value;
        start.Environment[ProcessGroup.RunVariable] = task.Run.Id.ToString();
        start.Environment["ALLINONE_ATTEMPT"] = task.Run.Attempt.ToString(CultureInfo.InvariantCulture);
        start.Environment["TRACEPARENT"] = TraceParent.Of(task.Run);
        return start;
    }

    private static async Task ListenAsync(Stream pipe, RunOutput output)
    {
        var buffer = new byte[16 * 1024];
        while (await pipe.ReadAsync(buffer).ConfigureAwait(false) is var count and > 0)
        {
            output.Write(buffer.AsSpan(0, count));
        }
    }

    private static async Task TellAsync(Stream pipe, ReadOnlyMemory<byte> parameters)
    {
        try
        {
            await using (pipe.ConfigureAwait(false))
            {
                await pipe.WriteAsync(parameters).ConfigureAwait(false);
            }
        }
        catch (IOException)
        {
            // The program did not read its input.
        }
    }
}
