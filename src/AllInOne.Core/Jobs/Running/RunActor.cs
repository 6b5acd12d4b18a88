using Akka.Actor;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Jobs.Running;

/// <summary>
/// <c>/user/jobs/runs/{job}-{run}</c>: one run. The action works on a thread of the pool. A token cancels it: at the timeout, when the run
/// is cancelled, or when this actor is stopped. If the action does not return within the grace period, the actor stops waiting, and later results are
/// ignored. The actor reports once and stops. After a restart it does not run the action again.
/// </summary>
internal sealed class RunActor : ReceiveActor
{
    private readonly RunTask _task;
    private readonly Func<RunTask, CancellationToken, Task<RunResult>> _act;
    private readonly JobsOptions _options;
    private readonly TimeProvider _clock;
    private Action _stop = () => { };
    private RunResult? _result;
    private ITimer? _limit;

    public RunActor(RunTask task, Func<RunTask, CancellationToken, Task<RunResult>> act, JobsOptions options, TimeProvider clock)
    {
        (_task, _act, _options, _clock) = (task, act, options, clock);
        Receive<Acted>(acted => Report(_result ?? acted.Result));
        Receive<TimeoutExpired>(_ => Stop(new RunResult(RunOutcome.TimedOut, $"It took longer than {IsoDuration.Write(Limit)}.")));
        Receive<Cancel>(_ => Stop(new RunResult(RunOutcome.Cancelled, "It was cancelled.")));
        Receive<GraceExpired>(_ => Report(_result!.Value with { Error = $"{_result.Value.Error} It has not ended within {IsoDuration.Write(_options.StopGrace + Extra)}." }));
    }

    /// <summary>Cancel the run.</summary>
    public sealed record Cancel
    {
        public static Cancel Instance { get; } = new();
    }

    /// <summary>A message to the parent: this run has completed.</summary>
    public sealed record Completed(RunId Run, RunResult Result);

    private sealed record Acted(RunResult Result);

    private sealed record TimeoutExpired
    {
        public static TimeoutExpired Instance { get; } = new();
    }

    private sealed record GraceExpired
    {
        public static GraceExpired Instance { get; } = new();
    }

    /// <summary>Time in addition to the grace period of a program, so that its exit is noticed after it is killed.</summary>
    private static TimeSpan Extra => TimeSpan.FromSeconds(2);

    private TimeSpan Limit => _task.Job.Definition.Timeout ?? _options.Timeout;

    protected override void PreStart()
    {
        SetTimer(Limit, TimeoutExpired.Instance);
        // It needs no disposal: it has no timer and no handle.
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
            return new Acted(new RunResult(RunOutcome.Cancelled, "It was stopped."));
        }
        catch (Exception broken)
        {
            // A boundary: any exception of an action is a failed run.
            return new Acted(RunResult.Bad(broken.Message));
        }
    }

    private void Stop(RunResult result)
    {
        if (_result is null)
        {
            _result = result;
            SetTimer(_options.StopGrace + Extra, GraceExpired.Instance);
            _stop();
        }
    }

    private void SetTimer(TimeSpan after, object message)
    {
        var self = Self;
        _limit?.Dispose();
        _limit = _clock.CreateTimer(_ => self.Tell(message, ActorRefs.NoSender), null, after, Timeout.InfiniteTimeSpan);
    }

    private void Report(RunResult result)
    {
        Context.Parent.Tell(new Completed(_task.Run.Id, result));
        Context.Stop(Self);
    }
}
