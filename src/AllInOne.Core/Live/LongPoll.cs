using AllInOne.Core.Events;
using AllInOne.Core.Values;

namespace AllInOne.Core.Live;

/// <summary>
/// One request for the events after a cursor, answered once: at once if an event matches, otherwise when the first event matches, or
/// at the timeout with an empty page. It counts as an open connection only while it waits. When the server ends all connections, the answer is empty
/// and has the cursor; when the client disconnects, the request is cancelled. The thread that finds the answer also writes it, before the request
/// continues. If ten thousand requests wrote their own answers, the last of them would wait behind the next requests of the first clients.
/// </summary>
internal sealed class LongPoll : LiveConnection
{
    // The caller does not continue on the thread that serves the queue: the next request of the same connection could then block all others.
    private readonly TaskCompletionSource<EventPage> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<EventPage, ValueTask>? _write;
    private readonly Subscription _subscription;
    private readonly CancellationToken _cancel;
    private readonly TimeSpan _timeout;
    private readonly long _started;
    private readonly int _limit;
    private CancellationTokenRegistration _gone;
    private ITimer? _timer;
    private EventPage? _page;

    public LongPoll(LiveConnections all, EventQuery query, Func<EventPage, ValueTask>? write, CancellationToken cancel)
        : base(all, LiveTransport.LongPoll)
    {
        (_limit, _timeout, _write, _cancel) = (query.Limit, query.Timeout, write, cancel);
        _started = All.Clock.GetTimestamp();
        _subscription = Subscribe(query.Since, query.Topics);
    }

    public Task<EventPage> Answer => _answer.Task;

    public override string Peer => "";

    public override IReadOnlyCollection<Subscription> Subscriptions => [_subscription];

    protected override async ValueTask<bool> ServeAsync(LiveSignals signals)
    {
        if ((signals & LiveSignals.Gone) != 0)
        {
            _cancel.ThrowIfCancellationRequested();
            throw new UnavailableException("Long polls cannot wait now.");
        }

        if ((signals & LiveSignals.Ending) != 0)
        {
            return await AnswerAsync(new EventPage([], _subscription.Cursor, Reset: false)).ConfigureAwait(false);
        }

        TryTake(out _);
        var page = await _subscription.ReadOnceAsync(_limit, _cancel).ConfigureAwait(false);
        var left = _timeout - All.Clock.GetElapsedTime(_started);
        // The timer fires once, perhaps a moment early, so the timer decides, not the clock.
        var isLate = left <= TimeSpan.Zero || (signals & LiveSignals.Timeout) != 0;
        if (page.Reset || page.Events.Count > 0 || isLate || !All.Events.Ring.Covers(page.Next))
        {
            return await AnswerAsync(page).ConfigureAwait(false);
        }

        Wait(left);
        return true;
    }

    private async ValueTask<bool> AnswerAsync(EventPage page)
    {
        _page = page;
        if (_write is { } write)
        {
            await write(page).ConfigureAwait(false);
        }

        return false;
    }

    // No heartbeat: the request itself notices a dead client and cancels.
    internal override void Beat(TimeSpan heartbeat)
    {
    }

    internal override bool IsStuck(TimeSpan limit) => false;

    protected internal override void Abort()
    {
    }

    protected override void OnEnded(Exception? failure)
    {
        _gone.Dispose();
        _timer?.Dispose();
        if (failure is not (null or OperationCanceledException))
        {
            _answer.SetException(failure);
        }
        else if (failure is not null || _page is null)
        {
            _answer.SetCanceled(_cancel);
        }
        else
        {
            All.CountSent(_page.Events.Count);
            _answer.SetResult(_page);
        }
    }

    private void Wait(TimeSpan left)
    {
        if (_timer is null)
        {
            if (!All.TryOpen(this))
            {
                throw new UnavailableException("Too many long polls wait already.");
            }

            _timer = All.Clock.CreateTimer(static poll => ((LongPoll)poll!).Signal(LiveSignals.Timeout), this, left, Timeout.InfiniteTimeSpan);
            _gone = _cancel.UnsafeRegister(static poll => ((LongPoll)poll!).Signal(LiveSignals.Gone), this);
        }

        _subscription.Register();
    }
}
