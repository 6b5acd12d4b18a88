using System.Threading.Channels;

namespace AllInOne.TestKit;

/// <summary>
/// An actor that a test holds in its hand: it keeps all that it is told, in order, until the test looks. Built on the
/// public actor API alone, One test thread at a time may use a probe.
/// </summary>
public sealed class TestProbe
{
    /// <summary>How long to wait where nothing else is said: long enough for a loaded machine.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<Received> _arrived;
    private readonly LinkedList<Received> _passedOver = new();

    private TestProbe(IActorRef actor, Channel<Received> arrived)
    {
        Ref = actor;
        _arrived = arrived;
    }

    /// <summary>The probe's actor: a top-level one.</summary>
    public IActorRef Ref { get; }

    /// <summary>Who sent the message that was looked at last; null when nobody signed it.</summary>
    public IActorRef? LastSender { get; private set; }

    /// <summary>Starts a probe in <paramref name="system"/>.</summary>
    public static TestProbe Create(ActorSystem system)
    {
        var arrived = Channel.CreateUnbounded<Received>();
        var writer = arrived.Writer;
        return new TestProbe(system.ActorOf(Props.Create(() => new ProbeActor(writer))), arrived);
    }

    /// <summary>Tells <paramref name="receiver"/> something with the probe as its sender.</summary>
    public void Send(IActorRef receiver, object message) => receiver.Tell(message, Ref);

    /// <summary>Answers <see cref="LastSender"/>.</summary>
    public void Reply(object message) =>
        (LastSender ?? throw new ProbeException("Nobody to reply to: the last message had no sender.")).Tell(message, Ref);

    /// <summary>The next message, which must be a <typeparamref name="T"/>.</summary>
    /// <exception cref="ProbeException">Nothing came in time, or something else.</exception>
    public async Task<T> ExpectMsgAsync<T>(TimeSpan? timeout = null)
    {
        var message = await NextAsync(timeout, $"a {typeof(T).Name}").ConfigureAwait(false);
        return message is T expected
            ? expected
            : throw new ProbeException($"Expected a {typeof(T).Name}, got a {message.GetType().Name}: {message}");
    }

    /// <summary>The next message, which must equal <paramref name="expected"/>.</summary>
    /// <exception cref="ProbeException">Nothing came in time, or something else.</exception>
    public async Task<T> ExpectMsgAsync<T>(T expected, TimeSpan? timeout = null)
        where T : notnull
    {
        var message = await NextAsync(timeout, expected.ToString()!).ConfigureAwait(false);
        return message is T candidate && EqualityComparer<T>.Default.Equals(candidate, expected)
            ? candidate
            : throw new ProbeException($"Expected {expected}, got a {message.GetType().Name}: {message}");
    }

    /// <summary>The next message, whatever it is.</summary>
    /// <exception cref="ProbeException">Nothing came in time.</exception>
    public Task<object> ReceiveAsync(TimeSpan? timeout = null) => NextAsync(timeout, "a message");

    /// <summary>The first message that fits; those before it stay where they are.</summary>
    /// <exception cref="ProbeException">None came in time.</exception>
    public async Task<T> FishForMsgAsync<T>(Predicate<T>? fits = null, TimeSpan? timeout = null)
    {
        bool Fits(Received received) => received.Message is T candidate && fits?.Invoke(candidate) != false;
        for (var node = _passedOver.First; node is not null; node = node.Next)
        {
            if (Fits(node.Value))
            {
                _passedOver.Remove(node);
                return (T)LookAt(node.Value);
            }
        }

        using var deadline = new CancellationTokenSource(timeout ?? DefaultTimeout);
        while (true)
        {
            var received = await TakeAsync($"a fitting {typeof(T).Name}", deadline.Token).ConfigureAwait(false);
            if (Fits(received))
            {
                return (T)LookAt(received);
            }

            _passedOver.AddLast(received);
        }
    }

    /// <summary>Waits a short while in which nothing may come: costs its whole time, so use it sparingly.</summary>
    /// <exception cref="ProbeException">Something came.</exception>
    public async Task ExpectNoMsgAsync(TimeSpan? duration = null)
    {
        if (_passedOver.First is { } waiting)
        {
            throw new ProbeException($"Expected nothing, got {waiting.Value.Message}");
        }

        using var end = new CancellationTokenSource(duration ?? TimeSpan.FromMilliseconds(100));
        try
        {
            var received = await _arrived.Reader.ReadAsync(end.Token).ConfigureAwait(false);
            throw new ProbeException($"Expected nothing, got a {received.Message.GetType().Name}: {received.Message}");
        }
        catch (OperationCanceledException)
        {
            // Nothing came, as expected.
        }
    }

    /// <summary>Watches <paramref name="subject"/>; its <see cref="Terminated"/> comes among the messages.</summary>
    /// <returns>Ends when the watch is in place.</returns>
    public Task WatchAsync(IActorRef subject) => DoAsync(context => context.Watch(subject));

    /// <summary>Takes a watch back.</summary>
    /// <returns>Ends when it is done.</returns>
    public Task UnwatchAsync(IActorRef subject) => DoAsync(context => context.Unwatch(subject));

    /// <summary>Watches <paramref name="subject"/> and waits for its end; other messages stay where they are.</summary>
    /// <exception cref="ProbeException">It has not stopped in time.</exception>
    public async Task<Terminated> ExpectTerminatedAsync(IActorRef subject, TimeSpan? timeout = null)
    {
        Ref.Tell(new ProbeActor.Do(context => context.Watch(subject), null), ActorRefs.NoSender);
        return await FishForMsgAsync<Terminated>(terminated => terminated.ActorRef.Equals(subject), timeout).ConfigureAwait(false);
    }

    /// <summary>Runs <paramref name="action"/> inside the probe's actor, with its context.</summary>
    public async Task DoAsync(Action<IActorContext> action)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Ref.Tell(new ProbeActor.Do(action, done), ActorRefs.NoSender);
        await done.Task.WaitAsync(DefaultTimeout).ConfigureAwait(false);
    }

    private async Task<object> NextAsync(TimeSpan? timeout, string what)
    {
        if (_passedOver.First is { } first)
        {
            _passedOver.RemoveFirst();
            return LookAt(first.Value);
        }

        using var deadline = new CancellationTokenSource(timeout ?? DefaultTimeout);
        return LookAt(await TakeAsync(what, deadline.Token).ConfigureAwait(false));
    }

    private async Task<Received> TakeAsync(string what, CancellationToken deadline)
    {
        try
        {
            return await _arrived.Reader.ReadAsync(deadline).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            var others = _passedOver.Count == 0 ? "nothing came" : $"got only {string.Join(", ", _passedOver.Take(10).Select(one => one.Message))}";
            throw new ProbeException($"Waited for {what} in vain: {others}");
        }
    }

    private object LookAt(Received received)
    {
        LastSender = received.Sender;
        return received.Message;
    }

    /// <summary>A message and who sent it.</summary>
    private sealed record Received(object Message, IActorRef? Sender);

    private sealed class ProbeActor(ChannelWriter<Received> arrived) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            if (message is Do task)
            {
                Run(task);
                return;
            }

            arrived.TryWrite(new Received(message, Sender.Equals(Context.System.DeadLetters) ? null : Sender));
        }

        private static void Run(Do task)
        {
            try
            {
                task.Action(Context);
                task.Done?.SetResult();
            }
#pragma warning disable CA1031 // The test that asked gets the failure.
            catch (Exception exception)
#pragma warning restore CA1031
            {
                task.Done?.SetException(exception);
            }
        }

        public sealed record Do(Action<IActorContext> Action, TaskCompletionSource? Done);
    }
}
