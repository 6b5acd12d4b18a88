using System.Diagnostics;
using Akka.Actor;
using Akka.Dispatch;

namespace AllInOne.Actors;

/// <summary>
/// Checks the workers every few milliseconds while any of them works, on a separate thread. A worker that is in the same message
/// at three checks in a row loses its seat. If its thread uses the processor without a pause, the thread is confined to one
/// processor, and later gets the lowest priority. The monitor measures the thread's own processor time, so a garbage collection or
/// a busy machine does not count. A thread that only waits is not changed. If an actor has received a stop or a restart and does
/// not complete its message, it is abandoned.
/// </summary>
internal sealed class WorkerMonitor
{
    /// <summary>A worker loses its seat after this many further checks in the same message, which is after two to three intervals.</summary>
    private const int ChecksBeforeReplacing = 2;

    /// <summary>A warning is logged about a message that takes at least this long.</summary>
    private static readonly TimeSpan WarnAfter = TimeSpan.FromSeconds(1);

    /// <summary>How long the monitor checks more often after a worker has lost its seat, and the interval of these checks.</summary>
    private static readonly TimeSpan EagerFor = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan EagerInterval = TimeSpan.FromMilliseconds(0.4);

    /// <summary>How long after a lost seat the monitor resumes work that is slow and not urgent.</summary>
    private static readonly TimeSpan CalmAfter = TimeSpan.FromMilliseconds(100);

    /// <summary>The number of spins. Together they take about ten microseconds, which is longer than an ordinary message.</summary>
    private const int EagerSpins = 300;

    /// <summary>If at least this many threads are blocked, each of them is demoted after less processor time.</summary>
    private const int Crowd = 8;

    private static readonly TimeSpan DemoteInACrowdAfter = TimeSpan.FromMilliseconds(0.3);

    /// <summary>After this many checks, a blocked thread is measured only at one check in 16.</summary>
    private const int ChecksBeforeSeldom = 64;
    private const int Seldom = 16;

    /// <summary>The processor time that Akka.NET's own code may use for an actor with children.</summary>
    private static readonly TimeSpan RuntimesOwnShare = TimeSpan.FromSeconds(1);

    /// <summary>After this many checks without a working thread, the monitor sleeps until a worker is woken.</summary>
    private const int ChecksBeforeSleeping = 5;

    private readonly WorkScheduler _scheduler;
    private readonly WorkerPool _pool;
    private readonly SchedulingOptions _options;
    private readonly MonitorWarnings _warnings;
    private readonly WakeSignal _wake = new();
    private long _checks;
    private long _lostAt = long.MinValue;
    private TimeSpan _sinceLoss = TimeSpan.MaxValue;
    private int _heldUp;
    private int _heldUpAtLoss;
    private volatile bool _asleep;
    private bool _gaveUp;

    public WorkerMonitor(WorkScheduler scheduler)
    {
        (_scheduler, _pool, _options) = (scheduler, scheduler.Pool, scheduler.Options);
        _warnings = new MonitorWarnings(scheduler.Events, _options.MaxThreads);
    }

    /// <summary>
    /// The minimum number of checks before an abandonment. Time alone is not enough: if the whole process stood still, its actors had no time either.
    /// </summary>
    private long ChecksOfPatience => Math.Max(1, (long)(_options.AbandonAfter / _options.LookInterval / 4));

    private bool IsEager => _sinceLoss < EagerFor;

    public long Checks => Volatile.Read(ref _checks);

    public void WakeIfAsleep()
    {
        // Either the monitor sees the newly taken seat before it sleeps, or this thread sees that the monitor sleeps.
        Interlocked.MemoryBarrier();
        if (_asleep)
        {
            Wake();
        }
    }

    public void Start() => new Thread(Run) { IsBackground = true, Name = "actors-monitor" }.UnsafeStart();

    /// <summary>Makes the monitor fill the empty seats, and wakes it if it sleeps.</summary>
    public void Wake() => _wake.Call();

    private void Run()
    {
        try
        {
            CheckWorkers();
        }
#pragma warning disable CA1031 // The boundary of the thread: without the monitor, scheduling is no longer fair.
        catch (Exception fault)
#pragma warning restore CA1031
        {
            _scheduler.GiveUp(new SchedulerFaultException(fault));
        }
    }

    private void CheckWorkers()
    {
        var quiet = 0;
        _pool.FillSeats();
        NativeThread.MakePrompt();
        NativeThread.WarmUp();
        while (!_pool.IsStopping)
        {
            if (quiet < ChecksBeforeSleeping)
            {
                if (IsEager)
                {
                    NativeThread.Nap(EagerInterval);
                }
                else
                {
                    AwaitLook();
                }
            }
            else
            {
                _asleep = true;
                Interlocked.MemoryBarrier();
                if (_pool.IsAllIdle && !_pool.IsStopping)
                {
                    _wake.Wait();
                }

                _asleep = false;
                quiet = 0;
            }

            quiet = CheckAll() ? 0 : quiet + 1;
        }
    }

    /// <summary>
    /// Waits for the next check. Seats that are opened during the wait get their threads at once. This does not count as a check, so many resizes do
    /// not make a message seem long.
    /// </summary>
    private void AwaitLook()
    {
        var begin = Stopwatch.GetTimestamp();
        while (!_pool.IsStopping && _options.LookInterval - Stopwatch.GetElapsedTime(begin) is { Ticks: > 0 } left && _wake.Wait(left))
        {
            _pool.FillSeats();
        }
    }

    /// <summary>Checks all workers once. False if no worker works.</summary>
    private bool CheckAll()
    {
        Volatile.Write(ref _checks, _checks + 1);
        var now = Stopwatch.GetTimestamp();
        _sinceLoss = _lostAt == long.MinValue ? TimeSpan.MaxValue : Stopwatch.GetElapsedTime(_lostAt, now);
        foreach (var seat in _scheduler.Queues.Seats)
        {
            LookAt(seat, now);
        }

        if (_pool.HasIdleSeat && _scheduler.Queues.HasWork)
        {
            _pool.WakeIdle();
        }

        _pool.FillSeats();
        var heldUp = _pool.HeldUp;
        _heldUp = heldUp.Count;
        foreach (var worker in heldUp)
        {
            if (worker.IsGone)
            {
                _pool.Remove(worker);
            }
            else
            {
                CheckHeldUp(worker, now);
            }
        }

        _warnings.CheckBound(_pool.Workers + _heldUp);
        var isCalm = _sinceLoss >= CalmAfter;
        _warnings.PublishWhen(isCalm);

        // AddSpare waits until the new thread runs, which takes many milliseconds on a busy machine.
        return (isCalm && _pool.AddSpare()) || heldUp.Count > 0 || !_pool.IsAllIdle;
    }

    private void LookAt(Seat seat, long now)
    {
        if (seat.Worker is not { } worker || seat.IsIdle || worker.Item is null || (!IsSameMessage(worker, now) && !IsStuckAgain(worker, now)))
        {
            if (seat.HasNext && (seat.IsIdle || seat.Worker is null))
            {
                // If a thread lost this seat at the same moment, its next actor is still here.
                _scheduler.Queues.Share(seat);
            }

            return;
        }

        // Otherwise the next actor of this seat would wait until the message completes.
        _scheduler.Queues.Share(seat);
        var isLong = worker.Seen.Checks >= ChecksBeforeReplacing;
        if (!isLong && !(IsEager && _scheduler.Queues.HasWork))
        {
            return;
        }

        worker.Seen.Measure(now, NativeThread.CpuTime(worker.ThreadId));
        switch (_pool.Replace(seat, worker))
        {
            case true:
                if (isLong || _heldUp > _heldUpAtLoss)
                {
                    // The frequent checks continue only while the number of blocked threads grows, not for a message that completes soon.
                    (_lostAt, _sinceLoss) = (now, TimeSpan.Zero);
                }

                _heldUpAtLoss = _heldUp;
                if (worker.Seen.IsBurning && !IsRuntimesOwn(worker))
                {
                    Confine(worker);
                }

                break;
            case null when worker.Seen.Checks >= ChecksOfPatience && Stopwatch.GetElapsedTime(worker.Seen.Since, now) >= _options.AbandonAfter:
                GiveUp();
                break;
        }
    }

    /// <summary>
    /// After a worker has lost its seat, the next actors in the queue may block their workers too. Then a worker without progress loses its
    /// seat earlier than usual, if actors wait.
    /// </summary>
    private bool IsStuckAgain(Worker worker, long now)
    {
        if (!IsEager || !_scheduler.Queues.HasWork || Stopwatch.GetElapsedTime(worker.SliceStart, now) < EagerInterval / 2)
        {
            return false;
        }

        var progress = worker.Progress;
        Thread.SpinWait(EagerSpins);
        return progress == worker.Progress;
    }

    private void CheckHeldUp(Worker worker, long now)
    {
        var seen = worker.Seen;
        if (seen.Abandoned is not null)
        {
            seen.Checks++;
        }
        else if (worker.Item is null || !IsSameMessage(worker, now))
        {
            return;
        }

        if (!seen.IsReported && (seen.Checks < ChecksBeforeSeldom || seen.Checks % Seldom == 0))
        {
            seen.Measure(now, NativeThread.CpuTime(worker.ThreadId));
            if (seen.IsBurning && !IsRuntimesOwn(worker))
            {
                Confine(worker);
            }

            // Many blocked threads share one processor, so each would need very long to reach the usual limit, and other threads would wait
            // behind them. A thread that only waits for the processor in the middle of a message has used almost no processor time.
            if (!seen.IsDemoted && seen.IsConfined && seen.Cpu >= (_heldUp >= Crowd ? DemoteInACrowdAfter : _options.DemoteAfter))
            {
                Demote(worker);
            }

            // The just-in-time compiler makes first messages long, and among many blocked threads a thread is demoted early: neither is worth a
            // warning.
            if (seen.IsDemoted && seen.Cpu >= _options.DemoteAfter && Stopwatch.GetElapsedTime(seen.Since, now) >= WarnAfter)
            {
                seen.IsReported = true;
                _warnings.Add(Describe(worker), "uses the processor without a pause, so its thread now has the lowest priority");
            }
        }

        if (seen.Abandoned is null && worker.Item is Mailbox mailbox && Abandonment.IsEndAsked(worker, mailbox) && !IsBusyForAkka(worker))
        {
            Abandon(worker, now);
        }
    }

    /// <summary>Whether the worker is still in the same message as at the last check.</summary>
    private static bool IsSameMessage(Worker worker, long now)
    {
        // Akka.NET stops all children of an actor in one step. It makes progress as long as the children change.
        var progress = worker.Progress;
        var family = worker.Item is Mailbox mailbox && Abandonment.IsEndingChildren(worker, mailbox) ? Abandonment.ChildrenOf(mailbox) : null;
        var isSame = family is null || ReferenceEquals(family, worker.Seen.Family);
        worker.Seen.Family = family;
        if (progress == worker.Seen.Progress && isSame)
        {
            worker.Seen.Checks++;
            return true;
        }

        worker.Seen.Begin(progress, now, NativeThread.CpuTime(worker.ThreadId) ?? TimeSpan.Zero);
        return false;
    }

    /// <summary>
    /// Whether a worker is in Akka.NET's own code, which takes long to stop many children. If the children have not changed for a second of
    /// processor time, the worker must be in a hook of the actor.
    /// </summary>
    private static bool IsRuntimesOwn(Worker worker) =>
        worker.Seen.Cpu < RuntimesOwnShare && worker.Item is Mailbox mailbox && Abandonment.IsEndingChildren(worker, mailbox);

    /// <summary>Whether a worker is in Akka.NET's own code and does not wait, because Akka.NET's own code does not wait.</summary>
    private static bool IsBusyForAkka(Worker worker) => IsRuntimesOwn(worker) && NativeThread.IsRunnable(worker.ThreadId) is not false;

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
            (seen.EndAskedAt, seen.EndAskedChecks) = (now, seen.Checks);
        }
        else if (Stopwatch.GetElapsedTime(seen.EndAskedAt, now) >= _options.AbandonAfter && seen.Checks - seen.EndAskedChecks >= ChecksOfPatience)
        {
            var info = Describe(worker) with { Abandoned = true };
            var taken = false;
            worker.WhileAway(stuck =>
            {
                // Set this before the watchers get Terminated.
                seen.Abandoned = info;
                taken = Abandonment.TryTake(stuck, seen.Progress, now - stuck.SliceStart);
                if (!taken)
                {
                    // The thread returns, or the actor cannot be taken: do not try again at the next check.
                    (seen.Abandoned, seen.EndAskedAt) = (null, 0);
                }
            });
            if (taken)
            {
                _warnings.Add(info, "does not complete its message and is abandoned");
            }
        }
    }

    /// <summary>The blocked workers, as the last check saw them.</summary>
    public IReadOnlyList<HeldUpInfo> HeldUp() =>
        [.. _pool.HeldUp.Where(worker => worker.Item is not null || worker.Seen.Abandoned is not null).Select(Describe)];

    private HeldUpInfo Describe(Worker worker)
    {
        var seen = worker.Seen;
        if (seen.IsDemoted)
        {
            // The monitor no longer measures a demoted thread, so this measures it now.
            seen.Measure(Stopwatch.GetTimestamp(), NativeThread.CpuTime(worker.ThreadId));
        }

        var state = seen.IsDemoted ? "demoted" : NativeThread.IsRunnable(worker.ThreadId) ?? seen.IsConfined ? "burning" : "blocked";
        if (seen.Abandoned is { } abandoned)
        {
            return abandoned with { Cpu = seen.Cpu, State = state };
        }

        var owner = worker.Queue?.Owner as ActorRefWithCell;
        return new HeldUpInfo(
            owner?.Path.ToStringWithoutAddress() ?? "",
            owner?.Underlying.Props.Type ?? typeof(object),
            worker.Message is { } message ? WrappedMessage.Unwrap(message).GetType() : null,
            DateTimeOffset.UtcNow - Stopwatch.GetElapsedTime(seen.Since),
            seen.Cpu,
            state,
            false);
    }

    private void GiveUp()
    {
        if (!_gaveUp)
        {
            _gaveUp = true;
            var most = HeldUp().GroupBy(held => held.Type.Name).OrderByDescending(group => group.Count()).Take(3);
            _scheduler.GiveUp(new ThreadsExhaustedException(
                _options.MaxThreads, string.Join(", ", most.Select(group => $"{group.Count()} × {group.Key}"))));
        }
    }
}
