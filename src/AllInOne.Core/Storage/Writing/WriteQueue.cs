namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// What waits for a file's writer, in order, and the batch that it has in hand. The queue belongs to the module and outlives
/// every writer: a new writer is given the batch in hand again, ahead of anything newer, so its restart loses and reorders
/// nothing.
/// Bounded by rows and bytes. Overflow rule: from the bound on there is no room, and whoever brings work in from outside waits;
/// what is under way inside the server still enters, up to <see cref="Slack"/> times the bound, and is refused beyond that.
/// Any thread may enqueue; it never waits.
/// </summary>
internal sealed class WriteQueue(StorageOptions options)
{
    private const int Slack = 4;

    private readonly Lock _gate = new();
    private readonly Queue<WriteOperation> _waiting = new();
    private IReadOnlyList<WriteOperation>? _inHand;
    private Action? _wake;
    private bool _writerSleeps;
    private TaskCompletionSource? _room;
    private int _rows;
    private long _bytes;

    /// <summary>Operations waiting or in hand.</summary>
    public int Rows => Volatile.Read(ref _rows);

    public long Bytes => Volatile.Read(ref _bytes);

    public bool HasRoom => Rows < options.QueueRows && Bytes < options.QueueBytes;

    public void Enqueue(WriteOperation operation)
    {
        Action? wake = null;
        bool taken;
        lock (_gate)
        {
            taken = _rows / Slack < options.QueueRows && _bytes / Slack < options.QueueBytes;
            if (taken)
            {
                _waiting.Enqueue(operation);
                _rows++;
                _bytes += operation.Bytes;
                wake = _writerSleeps ? _wake : null;
                _writerSleeps = false;
            }
        }

        wake?.Invoke();
        if (!taken)
        {
            operation.Refuse("The write queue is full");
        }
    }

    /// <summary>Completes once there is room.</summary>
    public Task WaitForRoomAsync(CancellationToken cancel)
    {
        lock (_gate)
        {
            if (HasRoom)
            {
                return Task.CompletedTask;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task.WaitAsync(cancel);
        }
    }

    /// <summary>How to wake the writer once something comes after <see cref="Take"/> found nothing.</summary>
    public void WakeBy(Action wake)
    {
        lock (_gate)
        {
            _wake = wake;
        }
    }

    /// <summary>
    /// The batch in hand, which is the same until <see cref="Complete"/>; else what has gathered, up to the limits of a batch.
    /// Null when there is nothing: then the writer is woken at the next operation.
    /// </summary>
    public IReadOnlyList<WriteOperation>? Take()
    {
        lock (_gate)
        {
            if (_inHand is null && _waiting.Count > 0)
            {
                _inHand = Gather();
            }

            _writerSleeps = _inHand is null;
            return _inHand;
        }
    }

    public bool IsInHand(IReadOnlyList<WriteOperation> batch)
    {
        lock (_gate)
        {
            return ReferenceEquals(_inHand, batch);
        }
    }

    /// <summary>The batch in hand is committed.</summary>
    public void Complete()
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            foreach (var operation in _inHand ?? [])
            {
                _rows--;
                _bytes -= operation.Bytes;
            }

            _inHand = null;
            if (HasRoom)
            {
                (room, _room) = (_room, null);
            }
        }

        room?.SetResult();
    }

    private List<WriteOperation> Gather()
    {
        var batch = new List<WriteOperation>(Math.Min(_waiting.Count, options.BatchRows));
        var bytes = 0L;
        while (batch.Count < options.BatchRows && bytes < options.BatchBytes && _waiting.TryDequeue(out var operation))
        {
            batch.Add(operation);
            bytes += operation.Bytes;
        }

        return batch;
    }
}
