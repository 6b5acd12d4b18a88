using Akka.Actor;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Feeds.Connections;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Tests.Feeds;

/// <summary>
/// Replaces entities and storage behind a feed: it keeps the reports in order, and answers their receipts at once or when the
/// test calls <see cref="Commit"/>.
/// </summary>
internal sealed class FeedStore
{
    private readonly Lock _gate = new();
    private readonly List<EntityReport> _reports = [];
    private readonly List<Receipt> _open = [];
    private readonly List<(int Count, TaskCompletionSource Reached)> _waiting = [];
    private TaskCompletionSource? _room;
    private bool _hasRoom = true;

    public FeedTarget Target => new(Report, () => _hasRoom, WaitForRoomAsync, EntityLimits.Default);

    /// <summary>Whether each report is answered when it comes.</summary>
    public bool CommitsAtOnce { get; set; } = true;

    /// <summary>The numbers of the reports, from 0, at which it throws. It throws once for each number in the list.</summary>
    public List<int> FailsAt { get; set; } = [];

    /// <summary>Called with each report, on the thread of the connection's actor.</summary>
    public Action Reported { get; set; } = () => { };

    public bool HasRoom
    {
        set
        {
            lock (_gate)
            {
                _hasRoom = value;
                if (value)
                {
                    _room?.SetResult();
                    _room = null;
                }
            }
        }
    }

    public IReadOnlyList<EntityReport> Reports
    {
        get
        {
            lock (_gate)
            {
                return [.. _reports];
            }
        }
    }

    public IEnumerable<string> Ids => Reports.Select(r => r.Id.Value);

    public Task WaitForReportsAsync(int count)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((count, reached));
            Check();
            return reached.Task.WaitAsync(FeedServer.Patience);
        }
    }

    /// <summary>Answers all open receipts, the newest first, so that the test does not depend on the order.</summary>
    public void Commit(Func<Receipt, object>? answer = null)
    {
        Receipt[] open;
        lock (_gate)
        {
            open = [.. _open];
            _open.Clear();
        }

        foreach (var receipt in open.Reverse())
        {
            receipt.To!.Tell(answer?.Invoke(receipt) ?? new Committed([receipt.Tag]));
        }
    }

    private void Report(EntityReport report, Receipt receipt)
    {
        Reported();
        lock (_gate)
        {
            if (FailsAt.Remove(_reports.Count))
            {
                throw new InvalidOperationException("a bug");
            }

            _reports.Add(report);
            if (!CommitsAtOnce)
            {
                _open.Add(receipt);
            }

            Check();
        }

        if (CommitsAtOnce)
        {
            receipt.To!.Tell(new Committed([receipt.Tag]));
        }
    }

    private Task WaitForRoomAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            return _hasRoom ? Task.CompletedTask : (_room ??= new TaskCompletionSource()).Task.WaitAsync(cancel);
        }
    }

    private void Check() => _waiting.RemoveAll(w => _reports.Count >= w.Count && w.Reached.TrySetResult());
}
