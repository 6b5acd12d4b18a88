using System.Diagnostics;
using Akka.Event;

namespace AllInOne.Actors;

/// <summary>
/// The warnings of the monitor. Another thread publishes them on the event stream, because a subscriber may be slow and the monitor must
/// not wait. While the monitor replaces one thread after another, the warnings are delayed for a moment.
/// </summary>
internal sealed class MonitorWarnings(EventStream events, int maxThreads)
{
    /// <summary>The longest delay of a warning.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(500);

    private readonly List<Warning> _waiting = [];
    private long _waitingSince;
    private bool _isNearBound;

    public void Add(HeldUpInfo held, string what) => Add(new Warning(
        held.Path,
        held.Type,
        $"{held.Path} {what} ({held.Message?.Name ?? "no message"}, {held.Cpu.TotalMilliseconds:0} ms of processor time)"));

    /// <summary>Warns when three quarters of the threads are in use. Warns again only after the number has fallen to half of that limit.</summary>
    public void CheckBound(int used)
    {
        var limit = maxThreads * 3 / 4;
        if (used < limit)
        {
            _isNearBound = _isNearBound && used > limit / 2;
        }
        else if (!_isNearBound)
        {
            _isNearBound = true;
            Add(new Warning(
                "scheduler",
                typeof(WorkScheduler),
                $"{used} of at most {maxThreads} threads for actors are in use; if more are needed, the system gives up"));
        }
    }

    public void PublishWhen(bool isCalm)
    {
        if (_waiting.Count == 0 || (!isCalm && Stopwatch.GetElapsedTime(_waitingSince) <= LongestWait))
        {
            return;
        }

        Warning[] warnings = [.. _waiting];
        _waiting.Clear();
        ThreadPool.UnsafeQueueUserWorkItem(_ => Array.ForEach(warnings, events.Publish), null);
    }

    private void Add(Warning warning)
    {
        if (_waiting.Count == 0)
        {
            _waitingSince = Stopwatch.GetTimestamp();
        }

        _waiting.Add(warning);
    }
}
