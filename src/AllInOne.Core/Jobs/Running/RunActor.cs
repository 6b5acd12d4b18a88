using Akka.Actor;
using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs.Running;

/// <summary>
/// <c>/user/jobs/runs/{job}-{run}</c>: one run. The action works on a thread of the pool and is told by a token to end: at the timeout, when the run
/// is cancelled, when this actor is stopped. One that does not end within the grace is left to itself, and what it still does counts for
/// nothing. It reports once and stops; restarted, it does not begin again.
/// </summary>
internal sealed class RunActor : ReceiveActor
{
    private readonly RunTask _task;
    private readonly Func<RunTask, CancellationToken, Task<RunResult>> _act;
    private readonly JobsOptions _options;
    private readonly TimeProvider _clock;
    private Action _stop = () => { };
    private RunResult? _verdict;
    private ITimer? _limit;

    public RunActor(RunTask task, Func<RunTask, CancellationToken, Task<RunResult>> act, JobsOptions options, TimeProvider clock)
    {
        (_task, _act, _options, _clock) = (task, act, options, clock);
        Receive<Acted>(acted => Report(_verdict ?? acted.Result));
        Receive<TimeIsUp>(_ => EndIt(new RunResult(RunOutcome.TimedOut, $"It took longer than {IsoDuration.Write(Limit)}.")));
        Receive<Cancel>(_ => EndIt(new RunResult(RunOutcome.Cancelled, "It was cancelled.")));
        Receive<GraceIsOver>(_ => Report(_verdict!.Value with { Error = $"{_verdict.Value.Error} It has not ended within {IsoDuration.Write(_options.StopGrace + Extra)}." }));
    }

    /// <summary>End now.</summary>
    public sealed record Cancel
    {
        public static Cancel Instance { get; } = new();
    }

    /// <summary>Told to the parent: the run of the sender has ended.</summary>
    public sealed record Ended(RunResult Result);

    private sealed record Acted(RunResult Result);

    private sealed record TimeIsUp
    {
        public static TimeIsUp Instance { get; } = new();
    }

    private sealed record GraceIsOver
    {
        public static GraceIsOver Instance { get; } = new();
    }

    /// <summary>Beyond the grace that a program gets before it is killed: for its end to be seen.</summary>
    private static TimeSpan Extra => TimeSpan.FromSeconds(2);

    private TimeSpan Limit => _task.Job.Definition.Timeout ?? _options.Timeout;

    protected override void PreStart()
    {
        Remind(Limit, TimeIsUp.Instance);
        // Nothing of it needs disposing: no timer, no handle.
        var stop = new CancellationTokenSource();
        _stop = stop.Cancel;
        var (act, task) = (_act, _task);
        Task.Run(() => ActAsync(act, task, stop.Token), CancellationToken.None).PipeTo(Self);
    }

    protected override void PostRestart(Exception reason) => Report(new RunResult(RunOutcome.Cancelled, "Its actor was restarted."));

    protected override void PostStop()
    {
        _limit?.Dispose();
        _stop();
    }

    private static async Task<Acted> ActAsync(Func<RunTask, CancellationToken, Task<RunResult>> act, RunTask task, CancellationToken stop)
    {
        try
        {
            return new Acted(await act(task, stop).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new Acted(new RunResult(RunOutcome.Cancelled, "It was told to end."));
        }
        catch (Exception broken)
        {
            // The boundary of whatever a job does.
            return new Acted(RunResult.Bad(broken.Message));
        }
    }

    private void EndIt(RunResult verdict)
    {
        if (_verdict is null)
        {
            _verdict = verdict;
            Remind(_options.StopGrace + Extra, GraceIsOver.Instance);
            _stop();
        }
    }

    private void Remind(TimeSpan after, object message)
    {
        var self = Self;
        _limit?.Dispose();
        _limit = _clock.CreateTimer(_ => self.Tell(message, ActorRefs.NoSender), null, after, Timeout.InfiniteTimeSpan);
    }

    private void Report(RunResult result)
    {
        Context.Parent.Tell(new Ended(result));
        Context.Stop(Self);
    }
}
