using System.Diagnostics;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Dispatch;
using Akka.Event;

namespace AllInOne.Actors;

/// <summary>
/// Runs the actors of one system. Decides at which seat an actor runs. An actor runs for one slice, then goes to the end of a queue.
/// <see cref="RunQueues"/> holds the waiting actors, and <see cref="WorkerPool"/> holds the threads that run them. <see cref="WorkerMonitor"/>
/// takes the seat from a thread whose message does not end. The scheduler starts with the first actor and stops with the system.
/// A fault in any of its threads terminates the system: see <see cref="GiveUp"/>.
/// </summary>
internal sealed class WorkScheduler
{
    /// <summary>The maximum number of messages in one slice.</summary>
    public const int SliceMessages = 100;

    /// <summary>The maximum time of one slice, in stopwatch ticks: about a millisecond.</summary>
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

    /// <summary>Queues the actor of a mailbox that has work.</summary>
    /// <param name="item">The mailbox, or another task of Akka.NET.</param>
    /// <param name="urgent">It comes before all others.</param>
    /// <param name="current">The worker of this thread, if it is one.</param>
    public void Schedule(IRunnable item, bool urgent, Worker? current)
    {
        if (Volatile.Read(ref _started) == 0)
        {
            Start();
        }

        Queues.Add(item, urgent, current);
    }

    public SchedulerInfo Inspect() => new(Pool.Workers, Pool.MaxWorkers, Pool.Threads, Options.MaxThreads, Queues.Count, Monitor.HeldUp());

    /// <summary>The worker that runs the actor's current message, or null.</summary>
    public Worker? RunnerOf(FairMessageQueue queue)
    {
        foreach (var seat in Queues.Seats)
        {
            if (seat.Worker is { } worker && worker.Queue == queue)
            {
                return worker;
            }
        }

        foreach (var worker in Pool.HeldUp)
        {
            if (worker.Queue == queue && worker.Seen.Abandoned is null)
            {
                return worker;
            }
        }

        return null;
    }

    /// <summary>Publishes the reason and terminates the system. Called when no thread is left, or when the scheduler itself failed.</summary>
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
    /// Called for the first actor, on the thread that creates the system. An actor must not start these threads: a new thread would inherit the
    /// lowest priority from a demoted thread.
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
