using Akka.Actor;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Load;

/// <summary>
/// <c>/user/load</c>: the parent of the workers. It makes and stops them in pieces, so that other messages get their turns, tells each
/// worker its turn (one timer for all: ten thousand timers would cost more than the work), and takes a sample every 100 ms. A worker
/// that crashes is restarted for as long as it takes and touches no other; one that was stopped is replaced. Its own restart leaves the
/// workers, who restart with it; their number and the samples belong to <see cref="LoadGenerator"/>.
/// </summary>
internal sealed class LoadSupervisor : TreeActor, IWithTimers
{
    /// <summary>How many workers are made or stopped in one message.</summary>
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
        // One recipe for all: a worker's memory counts a hundred thousand times.
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
        // The workers of a predecessor that was stopped went with it.
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

    /// <summary>Without workers there is no beat.</summary>
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
            // A tick that was held up came together with this one: what is short counts with the next.
            return;
        }

        // A sample that comes just before a beat has one beat less in it than one that comes just after. Only that is evened
        // out: what is late for longer shows.
        var beaten = _clock.GetElapsedTime(_lastSampledBeat, _lastBeat);
        var worked = (beaten - elapsed).Duration() <= 2 * Beat ? beaten : elapsed;
        _generator.Samples.Add(
            (successes - _lastSuccesses) / worked.TotalSeconds, (cpu - _lastCpu) / elapsed / Environment.ProcessorCount, elapsed);
        (_lastSample, _lastSampledBeat, _lastCpu, _lastSuccesses) = (now, _lastBeat, cpu, successes);
    }
}
