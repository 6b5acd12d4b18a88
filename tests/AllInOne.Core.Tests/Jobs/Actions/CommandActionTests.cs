using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Actions;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;

namespace AllInOne.Core.Tests.Jobs.Actions;

/// <summary>Real programs, started in the way of the server.</summary>
public sealed class CommandActionTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly JobsOptions _options = new() { StopGrace = TimeSpan.FromMilliseconds(300), Commands = { Enabled = true }, MaxOutputBytes = 1000 };

    public void Dispose()
    {
        Environment.SetEnvironmentVariable("ALLINONE__Secret", null);
        _directory.Dispose();
    }

    [Fact]
    public async Task A_program_gets_its_arguments_its_environment_and_the_parameters()
    {
        var action = new JobAction.Command(
            "sh", ["-c", "echo \"$1|$A|$ALLINONE_JOB|$ALLINONE_RUN|$PWD|$ALLINONE__Secret\"; cat; echo bad >&2", "x", "a b; $(false)"],
            new Dictionary<string, string> { ["A"] = "1" }, null);
        Environment.SetEnvironmentVariable("ALLINONE__Secret", "hidden");
        var (result, output) = await RunAsync(action, "{\"n\":1}");

        Assert.Equal(RunOutcome.Succeeded, result.Outcome);
        Assert.Contains($"a b; $(false)|1|job|7|{_directory.Path}|\n", output, StringComparison.Ordinal);
        Assert.Contains("{\"n\":1}", output, StringComparison.Ordinal);
        Assert.Contains("bad", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 3", "3")]
    [InlineData("kill -9 $$", "137")]
    public async Task A_program_that_fails_makes_the_run_fail(string script, string code)
    {
        var (result, _) = await RunAsync(Shell(script));
        Assert.Equal(RunOutcome.Failed, result.Outcome);
        Assert.Contains(code, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_or_directory_that_does_not_exist_is_reported()
    {
        foreach (var action in new[]
        {
            new JobAction.Command("no-such-program", [], new Dictionary<string, string>(), null),
            new JobAction.Command("./x", [], new Dictionary<string, string>(), null),
            new JobAction.Command("true", [], new Dictionary<string, string>(), "/no/such/directory"),
        })
        {
            var (result, _) = await RunAsync(action);
            Assert.Equal(RunOutcome.Failed, result.Outcome);
            Assert.StartsWith("There is no", result.Error, StringComparison.Ordinal);
        }

        _options.Commands.Enabled = false;
        Assert.Contains("Jobs:Commands:Enabled", (await RunAsync(Shell("true"))).Result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_too_much_output_the_end_is_kept()
    {
        var (result, output) = await RunAsync(Shell("i=0; while [ $i -lt 20000 ]; do echo line-$i; i=$((i+1)); done"));
        Assert.Equal(RunOutcome.Succeeded, result.Outcome);
        Assert.Equal(1000, output!.Length);
        Assert.EndsWith("line-19998\nline-19999\n", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_ignores_SIGTERM_is_killed_with_all_its_children()
    {
        // A child and a grandchild in the background. All of them ignore SIGTERM.
        const string Script = "trap '' TERM; sh -c \"trap '' TERM; sleep 1000 & echo \\$! > grandchild; echo up > ready; wait\" & echo $! > child; wait; sleep 1000";
        using var stop = new CancellationTokenSource();
        var running = RunAsync(Shell(Script), "", stop.Token);
        await Until.TrueAsync(() => File.Exists(_directory["ready"]));
        await stop.CancelAsync();
        Assert.Equal(RunOutcome.Cancelled, (await running).Result.Outcome);
        await GoneAsync("child");
        await GoneAsync("grandchild");
    }

    [Fact]
    public async Task A_program_that_handles_SIGTERM_exits_by_itself_and_its_last_output_is_kept()
    {
        // The shell reports on its error stream the end of its child, which also gets the signal.
        using var stop = new CancellationTokenSource();
        var running = RunAsync(Shell("exec 2>/dev/null; trap 'echo bye; exit 0' TERM; echo up > ready; while true; do sleep 0.05; done"), "", stop.Token);
        await Until.TrueAsync(() => File.Exists(_directory["ready"]));
        await stop.CancelAsync();
        Assert.EndsWith("bye\n", (await running).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_that_a_program_leaves_behind_are_killed_and_delay_no_run()
    {
        var (result, _) = await RunAsync(Shell("sleep 1000 & echo $! > left"));
        Assert.Equal(RunOutcome.Succeeded, result.Outcome);
        await GoneAsync("left");
    }

    [Fact]
    public async Task Programs_of_lost_runs_are_found_and_killed_by_a_later_server()
    {
        var running = RunAsync(Shell("echo $$ > left; trap '' TERM; while true; do sleep 0.1; done"));
        await Until.TrueAsync(() => File.Exists(_directory["left"]) && File.ReadAllText(_directory["left"]).Length > 1);
        Assert.Equal(0, ProcessGroup.KillLeft([new RunId(8), new RunId(77)]));
        Assert.NotEqual(0, ProcessGroup.KillLeft([new RunId(7)]));
        Assert.Equal(RunOutcome.Failed, (await running).Result.Outcome);
        await GoneAsync("left");
    }

    [Fact]
    public async Task A_program_that_leads_no_group_yet_gets_the_signal_itself()
    {
        // A program is in this state between its start and its setsid.
        using var process = System.Diagnostics.Process.Start("sleep", ["1000"]);
        ProcessGroup.Terminate(process.Id);
        await process.WaitForExitAsync().WaitAsync(Until.Limit);
        using var second = System.Diagnostics.Process.Start("sleep", ["1000"]);
        ProcessGroup.Kill(second.Id, hasEnded: false);
        await second.WaitForExitAsync().WaitAsync(Until.Limit);
    }

    private static JobAction.Command Shell(string script) => new("/bin/sh", ["-c", script], new Dictionary<string, string>(), null);

    /// <summary>Waits until the process whose number is in the file has exited, or is a zombie.</summary>
    private Task GoneAsync(string file)
    {
        var process = File.ReadAllText(_directory[file]).Trim();
        return Until.TrueAsync(
            () => !File.Exists($"/proc/{process}/stat") || File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal),
            () => $"{file} ({process}) lives on");
    }

    private async Task<(RunResult Result, string? Output)> RunAsync(JobAction.Command action, string parameters = "", CancellationToken stop = default)
    {
        var now = DateTimeOffset.UnixEpoch;
        var job = new Job(JobId.Parse("job"), 1, JobDefinition.Of(action), now, now, now, false, false);
        var run = new Run(new RunId(7), job.Id, RunCause.Manual, null, null, now, null, 1, new string('a', 32), null, null, null, null);
        var output = new RunOutput(_options.MaxOutputBytes);
        var task = new RunTask(run, job, System.Text.Encoding.UTF8.GetBytes(parameters), output);
        return (await new CommandAction(_options, _directory.Path).ActAsync(action, task, stop), output.Text());
    }
}
