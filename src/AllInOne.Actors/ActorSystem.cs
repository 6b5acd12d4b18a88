namespace AllInOne.Actors;

/// <summary>
/// A tree of actors and what they share: the event stream, the scheduler, the dead letters. Top-level actors live under
/// <c>/user</c>. A failure that passes the top ends the whole system: <see cref="WhenTerminated"/> tells the host.
/// </summary>
public sealed class ActorSystem : IActorRefFactory, IDisposable
{
    private readonly TaskCompletionSource _terminated = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _ends = new();
    private readonly ActorCell _user;
    private readonly Lock _gate = new();
    private readonly TimerWheel? _wheel;
    private readonly Queue<Action> _onTermination = new();
    private long _temporaryNames;

    private ActorSystem(string name, ActorSystemOptions options)
    {
        Name = name;
        TimeProvider = options.TimeProvider;
        StartTime = TimeProvider.GetUtcNow();
        RootPath = new ActorPath(name, null, "");
        TemporaryPath = RootPath / "temp";
        EventStream = new EventStream();
        _wheel = ReferenceEquals(TimeProvider, TimeProvider.System) ? new TimerWheel() : null;
        Scheduler = new TimerBasedScheduler(
            _wheel ?? TimeProvider,
            exception => EventStream.Publish(new Error(exception, "scheduler", typeof(IScheduler), exception.Message)),
            _ends.Token);
        DeadLetterRef = new DeadLetterRef(this, RootPath / "deadLetters");
        Dispatcher = new Dispatcher(this, options.Scheduling);
        Dispatcher.Start();
        _wheel?.Start();
        Root = new ActorCell(this, null, Props.Create(() => new RootGuardian()), "").PreparedForOutsiders();
        Root.Start();
        _user = Root.AddChild(Props.Create(() => new UserGuardian()).WithSupervisorStrategy(options.GuardianStrategy), "user", forOutsiders: true);
        Root.Tell(new RootGuardian.Guard(_user), ActorRefs.NoSender);
    }

    public string Name { get; }

    /// <summary>When the system started.</summary>
    public DateTimeOffset StartTime { get; }

    public EventStream EventStream { get; }

    public IScheduler Scheduler { get; }

    /// <summary>The receiver of last resort.</summary>
    public IActorRef DeadLetters => DeadLetterRef;

    /// <summary>Ends when every actor has stopped, on request or because a failure passed the top; never faults.</summary>
    public Task WhenTerminated => _terminated.Task;

    /// <summary>The failure that ended the system; null while it lives and after an ordinary end.</summary>
    public Exception? FatalFailure { get; private set; }

    internal TimeProvider TimeProvider { get; }

    internal ActorPath RootPath { get; }

    internal ActorPath TemporaryPath { get; }

    internal DeadLetterRef DeadLetterRef { get; }

    internal Dispatcher Dispatcher { get; }

    internal ActorCell Root { get; }

    /// <summary>Starts a system.</summary>
    public static ActorSystem Create(string name) => Create(name, new ActorSystemOptions());

    /// <summary>Starts a system with options that only the bundled runtime has.</summary>
    public static ActorSystem Create(string name, ActorSystemOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        return new ActorSystem(name, options);
    }

    /// <inheritdoc/>
    public IActorRef ActorOf(Props props, string? name = null) => _user.AddChild(props, name);

    /// <inheritdoc/>
    public ActorSelection ActorSelection(string path) => new(this, Root, path);

    /// <inheritdoc/>
    public void Stop(IActorRef actor) => ((IInternalActorRef)actor).Stop();

    /// <summary>Stops all actors, children before parents.</summary>
    public Task Terminate()
    {
        _user.Stop();
        return WhenTerminated;
    }

    /// <summary>Runs <paramref name="code"/> when the last actor has stopped, before <see cref="WhenTerminated"/> ends.</summary>
    public void RegisterOnTermination(Action code)
    {
        lock (_gate)
        {
            if (!WhenTerminated.IsCompleted)
            {
                _onTermination.Enqueue(code);
                return;
            }
        }

        code();
    }

    /// <summary>Asks for termination without waiting for it.</summary>
    public void Dispose() => _ = Terminate();

    public override string ToString() => $"ActorSystem {Name}";

    internal string NextTemporaryName() => TemporaryNames.Of(Interlocked.Increment(ref _temporaryNames));

    internal void RootFailed(Exception cause)
    {
        FatalFailure ??= cause;
        Root.Stop();
    }

    /// <summary>The system cannot run its actors any more: it counts as ended at once, without their hooks.</summary>
    internal void GiveUp(Exception cause)
    {
        RecordFatal(cause);
        RootTerminated();
    }

    internal void RecordFatal(Exception cause) => FatalFailure ??= cause;

    internal void RootTerminated()
    {
        _ends.Cancel();
        _ = Task.Run(Finish);
    }

    private void Finish()
    {
        while (NextCallback() is { } callback)
        {
            try
            {
                callback();
            }
#pragma warning disable CA1031 // The others still run, and who waits for the end gets it.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                RecordFatal(exception);
            }
        }
    }

    /// <summary>The next in the order of registration; with the last one the system counts as ended.</summary>
    private Action? NextCallback()
    {
        lock (_gate)
        {
            if (_onTermination.TryDequeue(out var callback))
            {
                return callback;
            }

            _terminated.TrySetResult();
            Dispatcher.Stop();
            _wheel?.Stop();
            return null;
        }
    }
}

/// <summary>What a system is started with.</summary>
public sealed class ActorSystemOptions
{
    /// <summary>How <c>/user</c> deals with failing top-level actors.</summary>
    public SupervisorStrategy GuardianStrategy { get; init; } = SupervisorStrategy.DefaultStrategy;

    /// <summary>The clock of timers, schedules and restart windows.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>The threads that run the actors.</summary>
    public SchedulingOptions Scheduling { get; init; } = new();
}
