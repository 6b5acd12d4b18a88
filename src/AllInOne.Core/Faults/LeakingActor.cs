using Akka.Actor;

namespace AllInOne.Core.Faults;

/// <summary>
/// Takes 10 MiB a second and releases nothing until the duration of the fault is over. If all leaks together have reached their limit, it only keeps
/// what it has. A restart or the end returns everything to the garbage collector.
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

    // PostStop is called at a restart too.
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
            // Write to the pages: the operating system only reserves untouched pages, but does not take memory for them.
            Array.Fill(piece, (byte)1);
            _held.Add(piece);
        }
    }
}
