using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Akka.Actor;
using Akka.Event;

namespace AllInOne.Actors;

/// <summary>
/// Follows the messages of one actor for one reader. The actor's own thread writes to a bounded buffer. If the
/// reader is slow and the buffer is full, messages are omitted and counted.
/// </summary>
internal sealed class MessageTrace(int every)
{
    private const int Room = 1024;
    private const int TextLength = 200;

    /// <summary>A message that still runs after this time is reported with the outcome inHand.</summary>
    private static readonly TimeSpan InHandAfter = TimeSpan.FromMilliseconds(2);

    private readonly Channel<TracedEnvelope> _written = Channel.CreateBounded<TracedEnvelope>(Room);
    private long _seen;
    private long _skipped;

    /// <summary>Called by the actor's thread when it takes a message.</summary>
    public static void Begin(QueueDetails details, Worker worker)
    {
        details.Traced = (worker.Message, worker.Sender, Stopwatch.GetTimestamp());
        (worker.Failure, worker.WasUnhandled) = (null, false);
    }

    /// <summary>Called by the actor's thread when the traced message is complete.</summary>
    public static void End(FairMessageQueue queue, Worker? worker)
    {
        var details = queue.Details!;
        var (message, sender, since) = details.Traced;
        details.Traced = default;
        if (details.Traces is { } traces && message is not null)
        {
            var took = Stopwatch.GetElapsedTime(since);
            var outcome = worker?.Failure is not null ? "failed" : worker?.WasUnhandled == true ? "unhandled" : "handled";
            foreach (var trace in traces)
            {
                trace.Write(message, sender, outcome, took, queue.Count, worker?.Failure);
            }
        }
    }

    /// <summary>The actor has stopped.</summary>
    public void Complete() => _written.Writer.TryComplete();

    public static async IAsyncEnumerable<TracedEnvelope> FollowAsync(
        WorkScheduler scheduler, FairMessageQueue queue, int every, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var trace = new MessageTrace(every);
        var details = queue.EnsureDetails();
        using var unhandled = new UnhandledListener(scheduler.Events);
        lock (details)
        {
            details.Traces = [.. details.Traces ?? [], trace];
        }

        if (queue.Owner is ActorRefWithCell { Underlying.IsTerminated: true })
        {
            // The queue may have been cleaned up before it had this trace.
            trace.Complete();
        }

        try
        {
            if (await InHandAsync(scheduler, queue, cancellation).ConfigureAwait(false) is { } inHand)
            {
                yield return inHand;
            }

            await foreach (var written in trace._written.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
            {
                yield return written;
            }
        }
        finally
        {
            lock (details)
            {
                var left = details.Traces?.Where(other => other != trace).ToArray();
                details.Traces = left is { Length: > 0 } ? left : null;
            }
        }
    }

    private static async Task<TracedEnvelope?> InHandAsync(WorkScheduler scheduler, FairMessageQueue queue, CancellationToken cancellation)
    {
        if (scheduler.RunnerOf(queue) is not { Message: not null } worker)
        {
            return null;
        }

        var progress = worker.Progress;
        await Task.Delay(InHandAfter, cancellation).ConfigureAwait(false);
        if (worker.Message is not { } message || worker.Progress != progress || worker.Queue != queue)
        {
            return null;
        }

        return Describe(message, worker.Sender, "inHand", worker.InHandFor, queue.Count, null, 0);
    }

    private void Write(object message, IActorRef? sender, string outcome, TimeSpan took, int mailbox, Exception? error)
    {
        var isDue = _seen++ % every == 0 || error is not null;
        if (isDue && _written.Writer.TryWrite(Describe(message, sender, outcome, took, mailbox, error, _skipped)))
        {
            _skipped = 0;
        }
        else
        {
            _skipped++;
        }
    }

    private static TracedEnvelope Describe(
        object message, IActorRef? sender, string outcome, TimeSpan took, int mailbox, Exception? error, long skipped)
    {
        var inner = WrappedMessage.Unwrap(message);
        return new(DateTimeOffset.UtcNow - took, inner.GetType(), TextOf(inner), sender, outcome, took, mailbox, error, skipped);
    }

    private static string? TextOf(object message)
    {
        try
        {
            var text = message.ToString();
            return text?.Length > TextLength ? text[..TextLength] + "…" : text;
        }
#pragma warning disable CA1031 // This code of the application runs only because of the trace, so its exception must not fail the actor.
        catch
#pragma warning restore CA1031
        {
            return null;
        }
    }

    /// <summary>
    /// Receives unhandled messages. Akka.NET publishes an unhandled message on the thread of its actor, while it is the current message.
    /// </summary>
    private sealed class UnhandledListener : MinimalActorRef, IDisposable
    {
        /// <summary>References with the same path are equal: the end of one trace would unsubscribe all others.</summary>
        private static long _count;

        private readonly EventStream _events;

        public UnhandledListener(EventStream events)
        {
            _events = events;
            events.Subscribe(this, typeof(UnhandledMessage));
        }

        public override ActorPath Path { get; } = new RootActorPath(Address.AllSystems) / $"trace-{Interlocked.Increment(ref _count)}";

        public override IActorRefProvider Provider => throw new NotSupportedException();

        public void Dispose() => _events.Unsubscribe(this);

        protected override void TellInternal(object message, IActorRef sender)
        {
            if (Worker.Current is { } worker)
            {
                worker.WasUnhandled = true;
            }
        }
    }
}
