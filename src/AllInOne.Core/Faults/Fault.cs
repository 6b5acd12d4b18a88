namespace AllInOne.Core.Faults;

/// <summary>The place of one fault among the allowed number of faults. It is released once, when its actor stops for any reason. Thread-safe.</summary>
internal sealed class Fault(FaultInjector injector, FaultKind kind, TimeSpan duration)
{
    private readonly long _began = injector.Clock.GetTimestamp();
    private volatile bool _holdsThread;
    private int _released;

    public FaultKind Kind { get; } = kind;

    public FaultInjector Injector { get; } = injector;

    /// <summary>The time that is left; never negative.</summary>
    public TimeSpan Left => duration - Injector.Clock.GetElapsedTime(_began) is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;

    /// <summary>Releases its place. False if it is released already.</summary>
    public bool TryRelease() => Interlocked.Exchange(ref _released, 1) == 0;

    /// <summary>Runs an action that keeps its thread. The place is released when the action ends, even if its actor has stopped before.</summary>
    public void Hold(Action work)
    {
        _holdsThread = true;
        try
        {
            work();
        }
        finally
        {
            _holdsThread = false;
            Injector.Close(this);
        }
    }

    /// <summary>Called when its actor has stopped.</summary>
    public void ActorEnded()
    {
        if (!_holdsThread)
        {
            Injector.Close(this);
        }
    }
}
