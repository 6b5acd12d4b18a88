using System.Diagnostics;

namespace AllInOne.Actors;

/// <summary>
/// Looks at the workers every few milliseconds while any of them works, from a thread of its own. A message seen three times
/// running costs its worker the seat. A replaced thread that burns the processor is confined to one of them, and after a
/// while brought down to the lowest priority, judged by its own processor time, so that neither a pause of the collector nor a
/// busy machine counts; one that merely waits is left alone. An actor that is told to end and does not
/// come out of its message is abandoned.
/// </summary>
internal sealed class WorkerMonitor
{
    /// <summary>Looks at which a message must be found again before it costs the seat: between two and three intervals.</summary>
    private const int LooksBeforeReplacing = 2;

    /// <summary>How long the monitor stays eager after a message has cost a seat, and how soon it looks then.</summary>
    private static readonly TimeSpan EagerFor = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan EagerInterval = TimeSpan.FromMilliseconds(0.4);

    /// <summary>How long after that it does what may take long and can wait.</summary>
    private static readonly TimeSpan CalmAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>Warnings wait for calm no longer than this.</summary>
    private static readonly TimeSpan TellAfter = TimeSpan.FromMilliseconds(500);

    /// <summary>Looks at which a message must be found again, with no thread to replace its own, before the system gives up.</summary>
    private const int LooksBeforeGivingUp = 8;

    /// <summary>Some ten microseconds: longer than an ordinary message.</summary>
    private const int EagerSpins = 300;

    /// <summary>Held up threads from which on each of them is demoted after less processor time than it is given alone.</summary>
    private const int Crowd = 8;

    private static readonly TimeSpan DemoteInACrowdAfter = TimeSpan.FromMilliseconds(0.3);

    /// <summary>A thread that has been held up for so many looks is measured at one look in 16 only.</summary>
    private const int LooksBeforeSeldom = 64;
    private const int Seldom = 16;

    /// <summary>Looks without anything to see, after which the monitor sleeps until a worker is woken.</summary>
    private const int LooksBeforeSleeping = 5;

    private readonly Dispatcher _dispatcher;
    private readonly ActorSystem _system;
    private readonly SchedulingOptions _options;
    private readonly WakeSignal _wake = new();
    private readonly int _warnAt;
    private readonly List<Warning> _untold = [];
    private long _untoldSince;
    private long _looks;
    private long _lostAt = long.MinValue;
    private TimeSpan _sinceLoss = TimeSpan.MaxValue;
    private int _heldUp;
    private int _heldUpAtLoss;
    private volatile bool _asleep;
    private bool _warned;
    private bool _gaveUp;

    public WorkerMonitor(Dispatcher dispatcher, ActorSystem system, SchedulingOptions options)
    {
        (_dispatcher, _system, _options) = (dispatcher, system, options);
        _warnAt = Math.Max(options.MaxThreads * 3 / 4, dispatcher.Seats.Count + 1);
    }

    private bool IsEager => _sinceLoss < EagerFor;

    public long Looks => Volatile.Read(ref _looks);

    public void WakeIfAsleep()
    {
        // The seat that was just taken must be seen before the monitor lies down, or this must see that it did.
        Interlocked.MemoryBarrier();
        if (_asleep)
        {
            Wake();
        }
    }

    public void Start() => new Thread(Run) { IsBackground = true, Name = "actors-monitor" }.UnsafeStart();

    public void Wake() => _wake.Call();

    private void Run()
    {
        var quiet = 0;
        NativeThread.MakePrompt();
        NativeThread.WarmUp();
        while (!_dispatcher.IsStopping)
        {
            if (quiet < LooksBeforeSleeping)
            {
                if (IsEager)
                {
                    NativeThread.Nap(EagerInterval);
                }
                else
                {
                    Thread.Sleep(_options.LookInterval);
                }
            }
            else
            {
                _asleep = true;
                Interlocked.MemoryBarrier();
                if (_dispatcher.IsAllIdle && !_dispatcher.IsStopping)
                {
                    _wake.Wait();
                }

                _asleep = false;
                quiet = 0;
            }

            quiet = Look() ? 0 : quiet + 1;
        }
    }

    /// <summary>One look at everything; false when nobody works.</summary>
    private bool Look()
    {
        Volatile.Write(ref _looks, _looks + 1);
        var now = Stopwatch.GetTimestamp();
        _sinceLoss = _lostAt == long.MinValue ? TimeSpan.MaxValue : Stopwatch.GetElapsedTime(_lostAt, now);
        foreach (var seat in _dispatcher.Seats)
        {
            LookAt(seat, now);
        }

        if (_dispatcher.HasIdleSeat && _dispatcher.HasQueued)
        {
            _dispatcher.WakeIdle();
        }

        var heldUp = _dispatcher.HeldUp();
        _heldUp = heldUp.Length;
        foreach (var worker in heldUp)
        {
            LookAtHeldUp(worker, now);
        }

        WarnNearTheBound();
        var isCalm = _sinceLoss >= CalmAfter;
        if (_untold.Count > 0 && (isCalm || Stopwatch.GetElapsedTime(_untoldSince, now) > TellAfter))
        {
            TellUntold();
        }

        // Each waits for a new thread to run, on a busy machine for many milliseconds.
        return (isCalm && _dispatcher.AddSpare()) || heldUp.Length > 0 || !_dispatcher.IsAllIdle;
    }

    private void LookAt(Seat seat, long now)
    {
        if (seat.Worker is not { } worker || seat.IsIdle || worker.Cell is null || (!SeesAgain(worker, now) && !IsStuckAgain(worker, now)))
        {
            if (seat.IsIdle && seat.HasNext)
            {
                // Left by a thread that was replaced in the same moment.
                _dispatcher.Share(seat);
            }

            return;
        }

        // What the actor has woken would wait for the end of its message.
        _dispatcher.Share(seat);
        var isLong = worker.Seen.Looks >= LooksBeforeReplacing;
        if (!isLong && !(IsEager && _dispatcher.HasQueued))
        {
            return;
        }

        worker.Seen.Measure(now, NativeThread.CpuTime(worker.ThreadId));
        switch (_dispatcher.Replace(seat, worker))
        {
            case true:
                if (isLong || _heldUp > _heldUpAtLoss)
                {
                    // It goes on as long as there are more and more of them, not for what ends soon after all.
                    (_lostAt, _sinceLoss) = (now, TimeSpan.Zero);
                }

                _heldUpAtLoss = _heldUp;
                if (worker.Seen.IsBurning)
                {
                    Confine(worker);
                }

                break;
            case null when worker.Seen.Looks >= LooksBeforeGivingUp:
                GiveUp();
                break;
        }
    }

    /// <summary>
    /// Where one message has just cost a seat, the next actor in the queue may be as bad, and sixty behind it: then a worker that
    /// makes no progress while others wait is not given the usual time.
    /// </summary>
    private bool IsStuckAgain(Worker worker, long now)
    {
        if (!IsEager || !_dispatcher.HasQueued || Stopwatch.GetElapsedTime(worker.SliceStart, now) < EagerInterval / 2)
        {
            return false;
        }

        var progress = worker.Progress;
        Thread.SpinWait(EagerSpins);
        return progress == worker.Progress;
    }

    private void LookAtHeldUp(Worker worker, long now)
    {
        var seen = worker.Seen;
        if (seen.Abandoned is not null)
        {
            seen.Looks++;
        }
        else if (worker.Cell is null || !SeesAgain(worker, now))
        {
            return;
        }

        if (!seen.IsTold && (seen.Looks < LooksBeforeSeldom || seen.Looks % Seldom == 0))
        {
            seen.Measure(now, NativeThread.CpuTime(worker.ThreadId));
            if (seen.IsBurning)
            {
                Confine(worker);
            }

            // Many at once would burn long before each has had its measure of time, all on the one processor on which others would
            // then wait behind them. An innocent one that waits for the processor in mid-message has used next to nothing.
            if (!seen.IsDemoted && seen.IsConfined && seen.Cpu >= (_heldUp >= Crowd ? DemoteInACrowdAfter : _options.DemoteAfter))
            {
                Demote(worker);
            }

            // In a crowd (a start on a busy machine) it may have been demoted long before it deserves to be told of.
            if (seen.IsDemoted && seen.Cpu >= _options.DemoteAfter)
            {
                seen.IsTold = true;
                Warn(worker, "burns the processor: it goes on at the lowest priority");
            }
        }

        if (worker.Cell is { IsToldToEnd: true } && seen.Abandoned is null)
        {
            Abandon(worker, now);
        }
    }

    /// <summary>Whether the worker is still in the message in which it was seen last.</summary>
    private static bool SeesAgain(Worker worker, long now)
    {
        var progress = worker.Progress;
        if (progress == worker.Seen.Progress)
        {
            worker.Seen.Looks++;
            return true;
        }

        worker.Seen.Begin(progress, now, NativeThread.CpuTime(worker.ThreadId) ?? TimeSpan.Zero);
        return false;
    }

    private static void Confine(Worker worker)
    {
        if (!worker.Seen.IsConfined)
        {
            worker.WhileAway(static burning =>
            {
                burning.Seen.IsConfined = true;
                NativeThread.Confine(burning.ThreadId);
            });
        }
    }

    private static void Demote(Worker worker) => worker.WhileAway(static burning =>
    {
        burning.Seen.IsDemoted = true;
        NativeThread.LowerPriority(burning.ThreadId);
    });

    private void Abandon(Worker worker, long now)
    {
        var seen = worker.Seen;
        if (seen.EndAskedAt == 0)
        {
            seen.EndAskedAt = now;
        }
        else if (Stopwatch.GetElapsedTime(seen.EndAskedAt, now) >= _options.AbandonAfter)
        {
            var info = Describe(worker) with { Abandoned = true };
            ActorCell? taken = null;
            worker.WhileAway(stuck =>
            {
                taken = stuck.TryAbandon(seen.Progress);
                seen.Abandoned = taken is null ? null : info;
            });
            if (taken is not null)
            {
                Warn(info, "does not come out of its message and is abandoned");
                taken.TakeOver(now - worker.SliceStart);
            }
        }
    }

    /// <summary>The workers that are held up, as they were seen last.</summary>
    public IReadOnlyList<HeldUpInfo> HeldUp() =>
        [.. _dispatcher.HeldUp().Where(worker => worker.Cell is not null || worker.Seen.Abandoned is not null).Select(Describe)];

    private HeldUpInfo Describe(Worker worker)
    {
        var seen = worker.Seen;
        if (seen.IsDemoted)
        {
            // It is looked at no longer; who asks gets the figure of now.
            seen.Measure(Stopwatch.GetTimestamp(), NativeThread.CpuTime(worker.ThreadId));
        }

        var state = seen.IsDemoted ? "demoted" : NativeThread.IsRunnable(worker.ThreadId) ?? seen.IsConfined ? "burning" : "blocked";
        if (seen.Abandoned is { } abandoned)
        {
            return abandoned with { Cpu = seen.Cpu, State = state };
        }

        var cell = worker.Cell;
        return new HeldUpInfo(
            cell?.Path.ToStringWithoutAddress() ?? "",
            cell?.Props.Type ?? typeof(object),
            cell?.InHand?.Message.GetType(),
            _system.TimeProvider.GetUtcNow() - Stopwatch.GetElapsedTime(seen.Since),
            seen.Cpu,
            state,
            false);
    }

    private void WarnNearTheBound()
    {
        var used = _dispatcher.Seats.Count + _heldUp;
        if (used < _warnAt)
        {
            _warned = _warned && used > _warnAt / 2;
        }
        else if (!_warned)
        {
            _warned = true;
            Warn(new Warning(
                "scheduler",
                typeof(Dispatcher),
                $"{used} of at most {_options.MaxThreads} threads for actors are in use; past the bound the system gives up"));
        }
    }

    private void GiveUp()
    {
        if (!_gaveUp)
        {
            _gaveUp = true;
            var most = HeldUp().GroupBy(held => held.Type.Name).OrderByDescending(group => group.Count()).Take(3);
            _system.GiveUp(new ThreadsExhaustedException(
                _options.MaxThreads, string.Join(", ", most.Select(group => $"{group.Count()} × {group.Key}"))));
        }
    }

    private void Warn(Worker worker, string what) => Warn(Describe(worker), what);

    private void Warn(HeldUpInfo held, string what) => Warn(new Warning(
        held.Path,
        held.Type,
        $"{held.Path} {what} ({held.Message?.Name ?? "no message"}, {held.Cpu.TotalMilliseconds:0} ms of processor time)"));

    private void Warn(Warning warning)
    {
        if (_untold.Count == 0)
        {
            _untoldSince = Stopwatch.GetTimestamp();
        }

        _untold.Add(warning);
    }

    /// <summary>From another thread: subscribers may take their time, and everybody waits for this one.</summary>
    private void TellUntold()
    {
        Warning[] warnings = [.. _untold];
        _untold.Clear();
        ThreadPool.UnsafeQueueUserWorkItem(_ => Array.ForEach(warnings, _system.EventStream.Publish), null);
    }
}
