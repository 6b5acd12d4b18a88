using Akka.Actor;

namespace AllInOne.Core.Faults;

/// <summary>Crashes four times a second, and restarts each time, until the duration of the fault is over.</summary>
internal sealed class CrashingActor : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Fault _fault;

    public CrashingActor(Fault fault)
    {
        _fault = fault;
        Receive<Crash>(_ => OnCrash());
    }

    private sealed record Crash
    {
        public static Crash Instance { get; } = new();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    // PreStart is called after each restart too.
    protected override void PreStart()
    {
        if (_fault.Left == TimeSpan.Zero)
        {
            Context.Stop(Self);
        }
        else
        {
            Timers.StartSingleTimer(Crash.Instance, Crash.Instance, Interval);
        }
    }

    private static void OnCrash() => throw new InvalidOperationException("crashed on purpose");
}
