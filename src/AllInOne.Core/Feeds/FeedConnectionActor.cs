using System.IO.Pipelines;
using System.Text;
using Akka.Actor;
using AllInOne.Core.Feeds.Connections;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Feeds;

/// <summary>
/// <c>/user/feeds/xml/&lt;n&gt;</c>: one connection. It reads only while the number of pending elements is below the limits and storage has room;
/// otherwise TCP holds the client back. Reports are sent in order, and answers come back by tag. If the client has requested acknowledgements, it
/// gets the number of its handled events: one write at a time, always with the latest count, so a client that does not read causes no queue.
/// <para>After the client's half-close the actor waits without a limit until all elements are committed, and then closes the connection. All state is
/// in the session, so a restarted actor continues at the same position. It handles the interrupted message again if necessary.</para>
/// </summary>
internal sealed class FeedConnectionActor : TreeActor, IWithTimers
{
    private readonly FeedSession _session;
    private readonly FeedTarget _target;
    private readonly XmlFeedOptions _options;
    private readonly FeedLog _log;

    public FeedConnectionActor(FeedSession session, FeedTarget target, XmlFeedOptions options, FeedLog log) =>
        (_session, _target, _options, _log) = (session, target, options, log);

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>From the listener when the server stops: read no more, and finish the received events.</summary>
    internal sealed record Drain
    {
        public static Drain Instance { get; } = new();
    }

    protected override void PreStart()
    {
        if (_options.IdleTimeout > TimeSpan.Zero)
        {
            SetReceiveTimeout(_options.IdleTimeout);
        }

        if (_session.Draining)
        {
            StartDeadline();
        }

        // As a message and not here: if it crashes in a message, there is an instance that can be restarted or stopped in good order.
        Self.Tell(ContinueReading.Instance, ActorRefs.NoSender);
    }

    protected override void OnRestarting(object? message)
    {
        // The session stays, but a lost answer would never come again. An answer counts only once, even if it is handled twice.
        if (message is Committed or ReceiptFailed)
        {
            Self.Tell(message, ActorRefs.NoSender);
        }
    }

    protected override void PostStop()
    {
        _log.Closed(_session);
        _session.Dispose();
    }

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ContinueReading:
                Continue();
                break;
            case Received received:
                OnReceived(received);
                break;
            case ReadFailed failed:
                OnReadFailed(failed.Cause);
                break;
            case Committed committed:
                OnCommitted(committed);
                break;
            case ReceiptFailed failed:
                OnReceiptFailed(failed);
                break;
            case RoomMade:
                OnRoomMade();
                break;
            case Acknowledged acknowledged:
                OnAcknowledged(acknowledged);
                break;
            case Drain:
                OnDrain();
                break;
            case Deadline:
                OnDeadline();
                break;
            case ReceiveTimeout:
                OnIdle();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void Continue()
    {
        while (_session.Intake.TryPeek(out var report, out var tag))
        {
            _target.Report(report, new Receipt(Self, tag));
            _session.Intake.Taken();
        }

        _session.Count();
        _log.Rejections(_session);
        if (_session.Intake.Refusal is { } refusal)
        {
            _log.Refused(_session.Peer, refusal);
            Context.Stop(Self);
            return;
        }

        Acknowledge();
        if (_session is not { Ending: true, Reading: false, IsSettled: true })
        {
            Read();
        }
        else if (_session.IsAcknowledged)
        {
            Context.Stop(Self);
        }
        else
        {
            // Only the last acknowledgement is left, and the client does not receive it.
            StartDeadline();
        }
    }

    private void Read()
    {
        if (!_session.MayRead(_options))
        {
            _session.HeldBack = !_session.Reading;
            return;
        }

        if (_target.HasRoom())
        {
            _session.HeldBack = false;
            _session.Reading = true;
            _session.Reader.ReadAsync(_session.End).AsTask()
                .PipeTo(Self, success: result => new Received(result), failure: cause => new ReadFailed(cause));
        }
        else
        {
            _session.HeldBack = true;
            _session.WaitsForRoom = true;
            _target.WaitForRoom(_session.End)
                .PipeTo(Self, success: () => RoomMade.Instance, failure: _ => RoomMade.Instance);
        }
    }

    private void OnReceived(Received received)
    {
        _session.Reading = false;
        var buffer = received.Result.Buffer;
        _session.Intake.Append(buffer);
        _session.Reader.AdvanceTo(buffer.End);
        if (received.Result.IsCompleted)
        {
            _session.Intake.Complete();
            End();
        }

        Continue();
    }

    private void OnReadFailed(Exception cause)
    {
        // The incomplete event is not a broken event: its rest was lost with the connection.
        _session.Reading = false;
        _session.CannotReceive = true;
        _session.Counters.Failed(cause.Message);
        End();
        StartDeadline();
        Continue();
    }

    private void OnCommitted(Committed committed)
    {
        var count = 0;
        foreach (var tag in committed.Tags)
        {
            count += _session.Intake.Window.Complete(tag) ? 1 : 0;
        }

        _session.Counters.AddCommitted(count);
        Continue();
    }

    private void OnReceiptFailed(ReceiptFailed failed)
    {
        if (_session.Intake.Window.Complete(failed.Tag))
        {
            _session.Counters.AddRejected(1, failed.Reason);
        }

        Continue();
    }

    private void OnRoomMade()
    {
        _session.WaitsForRoom = false;
        Continue();
    }

    private void Acknowledge()
    {
        if (_session.Writing || _session.IsAcknowledged)
        {
            return;
        }

        _session.AckSent = _session.Intake.Window.Acknowledged;
        _session.Writing = true;
        var bytes = Encoding.ASCII.GetBytes($"<ack events=\"{_session.AckSent}\"/>\n");
        _session.WriteAsync(bytes).AsTask().PipeTo(Self, success: () => new Acknowledged(null), failure: cause => new Acknowledged(cause));
    }

    private void OnAcknowledged(Acknowledged acknowledged)
    {
        _session.Writing = false;
        if (acknowledged.Failure is not null)
        {
            _session.CannotReceive = true;
            _session.Counters.Failed(acknowledged.Failure.Message);
        }

        Continue();
    }

    private void OnDrain()
    {
        _session.Draining = true;
        StartDeadline();
        StopReading();
    }

    private void OnIdle()
    {
        if (_session.Reading && !_session.Ending)
        {
            _session.Counters.Failed($"nothing came for {_options.IdleTimeout}");
            StopReading();
        }
    }

    private void StopReading()
    {
        End();
        if (_session.Reading)
        {
            _session.Reader.CancelPendingRead();
        }

        Continue();
    }

    private void OnDeadline()
    {
        _session.Counters.Failed("closed before all was committed and told");
        Context.Stop(Self);
    }

    private void End()
    {
        _session.Ending = true;
        SetReceiveTimeout(null);
    }

    private void StartDeadline()
    {
        if (!Timers.IsTimerActive(nameof(Deadline)))
        {
            Timers.StartSingleTimer(nameof(Deadline), Deadline.Instance, _options.DrainTimeout);
        }
    }

    /// <summary>To a new incarnation: start to read, or continue with the bytes that the previous incarnation has read.</summary>
    private sealed record ContinueReading
    {
        public static ContinueReading Instance { get; } = new();
    }

    private sealed record Received(ReadResult Result);

    private sealed record ReadFailed(Exception Cause);

    private sealed record RoomMade
    {
        public static RoomMade Instance { get; } = new();
    }

    private sealed record Acknowledged(Exception? Failure);

    private sealed record Deadline
    {
        public static Deadline Instance { get; } = new();
    }
}
