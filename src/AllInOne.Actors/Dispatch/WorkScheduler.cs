using System.Diagnostics;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace AllInOne.Actors;

/// <summary>
/// Runs the actors of one system: decides which actor runs where and for how long, a slice, then back to the end of a queue.
/// <see cref="RunQueues"/> holds the actors that wait, <see cref="WorkerPool"/> the threads that run them, and <see cref="WorkerMonitor"/>
/// takes a seat from a message that does not end. It starts with the first actor and ends with the system.
/// A fault in any of its threads ends the system: see <see cref="GiveUp"/>.
/// </summary>
internal sealed class WorkScheduler
{
    /// <summary>Messages in one slice at the most.</summary>
    public const int SliceMessages = 100;

    /// <summary>After how much time a slice ends, in ticks of the stopwatch: about a millisecond.</summary>
    public static readonly long SliceTicks = Stopwatch.Frequency / 1000;

    private static readonly ConditionalWeakTable<ActorSystem, WorkScheduler> Schedulers = [];

    private readonly ActorSystem _system;
    private readonly TaskCompletionSource<Exception> _gaveUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _started;

    private WorkScheduler(ActorSystem system, SchedulingOptions options)
    {
        (_system, Options) = (system, options);
        Queues = new RunQueues(Math.Max(options.Workers, 2 * Environment.ProcessorCount));
        Pool = new WorkerPool(this);
        Queues.Pool = Pool;
        Monitor = new WorkerMonitor(this);
    }

    public SchedulingOptions Options { get; }

    public RunQueues Queues { get; }

    public WorkerPool Pool { get; }

    public WorkerMonitor Monitor { get; }

    public EventStream Events => _system.EventStream;

    /// <summary>Completes with the reason when the system gave up. Its actors may be stuck: do not wait for the system's termination.</summary>
    public Task<Exception> WhenGivenUp => _gaveUp.Task;

    public static WorkScheduler Of(ActorSystem system, Func<SchedulingOptions> options) =>
        Schedulers.GetValue(system, key => new WorkScheduler(key, options()));

    /// <exception cref="InvalidOperationException">The system has no fair dispatcher.</exception>
    public static WorkScheduler Of(ActorSystem system) => Schedulers.TryGetValue(system, out var scheduler)
        ? scheduler
        : throw new InvalidOperationException($"{system.Name} was made without FairActors.Config.");

    /// <summary>A mailbox has work.</summary>
    public void Schedule(IRunnable item, bool urgent)
    {
        if (Volatile.Read(ref _started) == 0)
        {
            Start();
        }

        Queues.Add(item, urgent);
    }

    public SchedulerInfo Inspect() => new(Pool.Workers, Pool.MaxWorkers, Pool.Threads, Options.MaxThreads, Queues.Count, Monitor.HeldUp());

    /// <summary>The worker that has the actor's message in hand, or null.</summary>
    public Worker? RunnerOf(FairMessageQueue queue)
    {
        foreach (var seat in Queues.Seats)
        {
            if (seat.Worker is { } worker && worker.Queue == queue)
            {
                return worker;
            }
        }

        return Pool.HasHeldUp ? Array.Find(Pool.HeldUp(), worker => worker.Queue == queue) : null;
    }

    /// <summary>No thread is left, or the scheduler itself failed: publishes the reason and ends the system.</summary>
    public void GiveUp(Exception reason)
    {
        if (_gaveUp.TrySetResult(reason))
        {
            ThreadPool.UnsafeQueueUserWorkItem(
                static failed =>
                {
                    failed.Self._system.EventStream.Publish(new Error(failed.Reason, "scheduler", typeof(WorkScheduler), failed.Reason.Message));
                    failed.Self._system.Terminate();
                },
                (Self: this, Reason: reason),
                preferLocal: false);
        }
    }

    /// <summary>
    /// With the first actor, on the thread that creates the system. A thread inherits the lowest priority from one that was demoted, so the
    /// threads must not be started by an actor.
    /// </summary>
    private void Start()
    {
        if (Interlocked.CompareExchange(ref _started, 1, 0) == 0)
        {
            Pool.Resize(Options.Workers);
            Monitor.Start();
            _system.WhenTerminated.ContinueWith(
                _ =>
                {
                    Pool.Stop();
                    Monitor.Wake();
                },
                TaskScheduler.Default);
        }
    }
}
