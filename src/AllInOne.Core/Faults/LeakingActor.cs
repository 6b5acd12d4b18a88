using Akka.Actor;

namespace AllInOne.Core.Faults;

/// <summary>
/// Takes 10 MiB a second and lets nothing go until its time is over, or as much as all leaks together may hold is taken: then it
/// holds what it has. A restart or the end gives everything back to the collector.
/// </summary>
internal sealed class LeakingActor : ReceiveActor, IWithTimers
{
    private const int Piece = 1024 * 1024;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly Fault _fault;
    private readonly List<byte[]> _held = [];

    public LeakingActor(Fault fault)
    {
        _fault = fault;
        Receive<Take>(_ => OnTake());
    }

    private sealed record Take
    {
        public static Take Instance { get; } = new();
    }

    public ITimerScheduler Timers { get; set; } = null!;

    protected override void PreStart() => Timers.StartPeriodicTimer(Take.Instance, Take.Instance, Interval);

    // Also at a restart.
    protected override void PostStop() => _fault.Injector.Unleak((long)_held.Count * Piece);

    private void OnTake()
    {
        if (_fault.Left == TimeSpan.Zero)
        {
            Context.Stop(Self);
        }
        else if (_fault.Injector.TryLeak(Piece))
        {
            var piece = new byte[Piece];
            // Untouched pages would be promised, not taken.
            Array.Fill(piece, (byte)1);
            _held.Add(piece);
        }
    }
}
