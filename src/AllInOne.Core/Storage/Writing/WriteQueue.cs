namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// What waits for a file's writer, in order, and the batch that it has in hand. The queue belongs to the module and outlives
/// every writer: a new writer is given the batch in hand again, ahead of anything newer, so its restart loses and reorders
/// nothing.
/// Bounded by rows and bytes. Overflow rule: from the bound on there is no room, and code that accepts work from outside waits;
/// what is under way inside the server still enters, up to <see cref="Slack"/> times the bound, and is refused beyond that.
/// Any thread may enqueue; it never waits.
/// </summary>
internal sealed class WriteQueue(StorageOptions options)
{
    private const int Slack = 4;

    /// <summary>So many batches go before housekeeping while there is always more to do.</summary>
    private const int Patience = 16;

    private readonly Lock _gate = new();
    private readonly Queue<WriteOperation> _waiting = new();
    private WriteOperation? _housekeeping;
    private int _passed;
    private IReadOnlyList<WriteOperation>? _inHand;
    private Action? _wake;
    private bool _writerSleeps;
    private TaskCompletionSource? _room;
    private int _rows;
    private long _bytes;
    private long _refused;

    /// <summary>Operations waiting or in hand.</summary>
    public int Rows => Volatile.Read(ref _rows);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Operations that found no room.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public bool HasRoom => Rows < options.QueueRows && Bytes < options.QueueBytes;

    public void Enqueue(WriteOperation operation) => Enqueue(operation, isBeyond: false);

    /// <summary>
    /// Whether there is room or not. Only for small writes that are needed because another write was refused; the caller must see to
    /// it that there is one of these at a time.
    /// </summary>
    public void EnqueueBeyond(WriteOperation operation) => Enqueue(operation, isBeyond: true);

    private void Enqueue(WriteOperation operation, bool isBeyond)
    {
        Action? wake = null;
        bool taken;
        lock (_gate)
        {
            taken = isBeyond || (_rows / Slack < options.QueueRows && _bytes / Slack < options.QueueBytes);
            if (taken)
            {
                _waiting.Enqueue(operation);
                wake = Admit(operation);
            }
        }

        wake?.Invoke();
        if (!taken)
        {
            Interlocked.Increment(ref _refused);
            operation.Refuse("The write queue is full");
        }
    }

    /// <summary>
    /// For what may wait: it is given to the writer alone, when nothing else waits, or after a number of batches where there is
    /// always something. One at a time; another one is refused.
    /// </summary>
    public void EnqueueForLater(WriteOperation operation)
    {
        Action? wake = null;
        bool taken;
        lock (_gate)
        {
            taken = _housekeeping is null;
            if (taken)
            {
                (_housekeeping, _passed) = (operation, 0);
                wake = Admit(operation);
            }
        }

        wake?.Invoke();
        if (!taken)
        {
            operation.Refuse("Housekeeping waits already");
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
            _inHand ??= Next();

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

    /// <summary>So many of the batch in hand, from its first, are committed; what is left of it is the next batch.</summary>
    public void Complete(int count)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            var batch = _inHand ?? [];
            foreach (var operation in batch.Take(count))
            {
                _rows--;
                _bytes -= operation.Bytes;
            }

            _inHand = count < batch.Count ? [.. batch.Skip(count)] : null;
            if (HasRoom)
            {
                (room, _room) = (_room, null);
            }
        }

        room?.SetResult();
    }

    /// <summary>Counts it; answers how to wake the writer, if it sleeps.</summary>
    private Action? Admit(WriteOperation operation)
    {
        _rows++;
        _bytes += operation.Bytes;
        var wake = _writerSleeps ? _wake : null;
        _writerSleeps = false;
        return wake;
    }

    private List<WriteOperation>? Next()
    {
        if (_housekeeping is { } later && (_waiting.Count == 0 || _passed++ >= Patience))
        {
            _housekeeping = null;
            return [later];
        }

        return _waiting.Count > 0 ? Gather() : null;
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
