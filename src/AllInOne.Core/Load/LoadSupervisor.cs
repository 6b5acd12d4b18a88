using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Load;

/// <summary>
/// <c>/user/load</c>: the parent of the workers. It creates and stops them in small groups, so that it can handle other messages in between. It sends
/// each worker its turns (one timer for all, because ten thousand timers would cost more than the work), and takes a sample every 100 ms. A worker
/// that crashes is restarted without a limit and does not affect the others; a worker that was stopped is replaced. A restart of this actor keeps the
/// workers, which restart with it. <see cref="LoadGenerator"/> owns their number and the samples.
/// </summary>
internal sealed class LoadSupervisor : TreeActor, IWithTimers
{
    /// <summary>The number of workers that are created or stopped in one message.</summary>
    private const int ResizedPerTurn = 500;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(10);

    private readonly LoadGenerator _generator;
    private readonly SupervisionOptions _supervision;
    private readonly TimeProvider _clock;
    private readonly Readiness _readiness;
    private readonly Props _worker;
    private readonly LoadPace _pace = new();
    private IActorRef? _asker;
    private bool _resizing;
    private long _lastBeat;
    private long _lastSample;
    private long _lastSampledBeat;
    private TimeSpan _lastCpu;
    private long _lastSuccesses;

    public LoadSupervisor(LoadGenerator generator, SupervisionOptions supervision, TimeProvider clock, Readiness readiness)
    {
        (_generator, _supervision, _clock, _readiness) = (generator, supervision, clock, readiness);
        var successes = generator.Successes;
        // One Props object for all workers, because there may be hundreds of thousands of them.
        _worker = Props.Create(() => new LoadWorkerActor(successes));
    }

    /// <summary>Sets the number of workers. Answered with <see cref="Resized"/> when it is reached, or when another number is requested.</summary>
    public sealed record Resize(int Workers) : IRefusable;

    public sealed record Resized
    {
        public static Resized Instance { get; } = new();
    }

    private sealed record ResizeMore
    {
        public static ResizeMore Instance { get; } = new();
    }

    private sealed record GiveTurns
    {
        public static GiveTurns Instance { get; } = new();
    }

    private sealed record TakeSample
    {
        public static TakeSample Instance { get; } = new();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override SupervisorStrategy SupervisorStrategy() => new BackoffStrategy(_supervision.WithoutLimit);

    protected override void PreStart()
    {
        // If a previous actor was stopped, its workers have stopped with it.
        _generator.Roster.Clear();
        Start();
    }

    protected override void PostRestart(Exception reason) => Start();

    // The next incarnation continues toward the requested number.
    protected override void OnRestarting(object? message) => Answer();

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GiveTurns:
                OnBeat();
                break;
            case TakeSample:
                OnSample();
                break;
            case Resize resize:
                OnResize(resize);
                break;
            case ResizeMore:
                ResizePiece();
                break;
            case LoadWorkerActor.Stopped stopped:
                OnStopped(stopped);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    protected override void PostStop()
    {
        _generator.Supervisor.Detach();
        _asker?.Tell(new Refused("The load generator is stopped."), ActorRefs.NoSender);
        _generator.Workers = 0;
    }

    private void Start()
    {
        (_lastBeat, _lastSample) = (_clock.GetTimestamp(), _clock.GetTimestamp());
        (_lastCpu, _lastSuccesses) = (Environment.CpuUsage.TotalTime, _generator.Successes.Total);
        Timers.StartPeriodicTimer(TakeSample.Instance, TakeSample.Instance, LoadSamples.Interval);
        _generator.Supervisor.Attach(Self);
        ResizePiece();
        _readiness.Ready(LoadModule.Name);
    }

    private void OnResize(Resize resize)
    {
        Answer();
        _generator.Wanted = resize.Workers;
        _asker = Sender;
        Continue();
    }

    private void OnStopped(LoadWorkerActor.Stopped stopped)
    {
        if (_generator.Roster.Remove(stopped.Name))
        {
            Continue();
        }
    }

    private void Continue()
    {
        if (!_resizing)
        {
            ResizePiece();
        }
    }

    private void ResizePiece()
    {
        var roster = _generator.Roster;
        for (var left = ResizedPerTurn; left > 0 && roster.Count < _generator.Wanted; left--)
        {
            var name = roster.NextName();
            roster.Add(name, Context.ActorOf(_worker, name));
        }

        for (var left = ResizedPerTurn; left > 0 && roster.Count > _generator.Wanted; left--)
        {
            Context.Stop(roster.RemoveLast());
        }

        _generator.Workers = roster.Count;
        KeepTime();
        _resizing = roster.Count != _generator.Wanted;
        if (_resizing)
        {
            Self.Tell(ResizeMore.Instance);
        }
        else
        {
            Answer();
        }
    }

    private void Answer()
    {
        _asker?.Tell(Resized.Instance);
        _asker = null;
    }

    /// <summary>Starts the timer of the turns, or stops it if there are no workers.</summary>
    private void KeepTime()
    {
        if (_generator.Roster.Count == 0)
        {
            Timers.Cancel(GiveTurns.Instance);
        }
        else if (!Timers.IsTimerActive(GiveTurns.Instance))
        {
            _lastBeat = _clock.GetTimestamp();
            Timers.StartPeriodicTimer(GiveTurns.Instance, GiveTurns.Instance, Beat);
        }
    }

    private void OnBeat()
    {
        var now = _clock.GetTimestamp();
        var due = _pace.Due(_generator.Roster.Count, _clock.GetElapsedTime(_lastBeat, now));
        _lastBeat = now;
        _generator.Roster.GiveTurns(due);
    }

    private void OnSample()
    {
        var (now, cpu, successes) = (_clock.GetTimestamp(), Environment.CpuUsage.TotalTime, _generator.Successes.Total);
        var elapsed = _clock.GetElapsedTime(_lastSample, now);
        if (elapsed < LoadSamples.Interval / 2)
        {
            // A delayed tick came together with this one. The short rest counts in the next sample.
            return;
        }

        // A sample just before a beat contains one beat less than a sample just after it. Only this difference is evened out; longer delays stay
        // visible.
        var beaten = _clock.GetElapsedTime(_lastSampledBeat, _lastBeat);
        var worked = (beaten - elapsed).Duration() <= 2 * Beat ? beaten : elapsed;
        _generator.Samples.Add(
            (successes - _lastSuccesses) / worked.TotalSeconds, (cpu - _lastCpu) / elapsed / Environment.ProcessorCount, elapsed);
        (_lastSample, _lastSampledBeat, _lastCpu, _lastSuccesses) = (now, _lastBeat, cpu, successes);
    }
}
