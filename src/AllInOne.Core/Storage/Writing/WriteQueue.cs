namespace AllInOne.Core.Storage.Writing;

/// <summary>
/// The queue of a file's writer: the operations that wait, in order, and the batch that the writer has in hand. The queue belongs to the module and
/// outlives every incarnation of the writer. A new incarnation gets the batch in hand again, before all newer operations, so a restart loses and
/// reorders nothing. Bounded by rows and bytes. Overflow rule: from the bound on there is no room, and code that accepts work from outside must wait.
/// Work that the server has accepted before still enters, up to <see cref="Slack"/> times the bound; beyond that it is refused. Any thread may
/// enqueue; this never waits.
/// </summary>
internal sealed class WriteQueue<TSession>(StorageOptions options) : IWriteQueue<TSession>
{
    private const int Slack = 4;

    /// <summary>The number of batches that come before housekeeping if the queue is never empty.</summary>
    private const int Patience = 16;

    private readonly Lock _gate = new();
    private readonly Queue<WriteOperation<TSession>> _waiting = new();
    private WriteOperation<TSession>? _housekeeping;
    private int _passed;
    private IReadOnlyList<WriteOperation<TSession>>? _inHand;
    private Action? _wake;
    private bool _writerSleeps;
    private TaskCompletionSource? _room;
    private int _rows;
    private long _bytes;
    private long _refused;

    /// <summary>The number of operations that wait or are in hand.</summary>
    public int Rows => Volatile.Read(ref _rows);

    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>The number of operations that found no room.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public bool HasRoom => Rows < options.QueueRows && Bytes < options.QueueBytes;

    public void Enqueue(WriteOperation<TSession> operation) => Enqueue(operation, isBeyond: false);

    /// <summary>
    /// Adds an operation even if there is no room. Only for small writes whose number the caller limits, such as a write that is needed because
    /// another write was refused.
    /// </summary>
    public void EnqueueBeyond(WriteOperation<TSession> operation) => Enqueue(operation, isBeyond: true);

    private void Enqueue(WriteOperation<TSession> operation, bool isBeyond)
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
    /// Adds an operation that may wait. The writer gets it in a batch of its own, when no other operation waits, or after a number of batches if the
    /// queue is never empty. Only one can wait; another one is refused.
    /// </summary>
    public void EnqueueForLater(WriteOperation<TSession> operation)
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

    /// <summary>Completes when there is room.</summary>
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

    /// <summary>Sets the callback that wakes the writer when an operation comes after <see cref="Take"/> has returned null.</summary>
    public void WakeBy(Action wake)
    {
        lock (_gate)
        {
            _wake = wake;
        }
    }

    /// <summary>
    /// Returns the batch in hand, which stays the same until <see cref="TryComplete"/>. If there is none, takes the waiting operations, up to the limits
    /// of a batch. Null if no operation waits; then the next operation wakes the writer.
    /// </summary>
    public IReadOnlyList<WriteOperation<TSession>>? Take()
    {
        lock (_gate)
        {
            _inHand ??= Next();

            _writerSleeps = _inHand is null;
            return _inHand;
        }
    }

    public bool IsInHand(IReadOnlyList<WriteOperation<TSession>> batch)
    {
        lock (_gate)
        {
            return ReferenceEquals(_inHand, batch);
        }
    }

    /// <summary>Removes the first operations of the batch in hand, which are committed. The rest is the next batch.</summary>
    /// <returns>False if this batch is not in hand, because another caller has completed it.</returns>
    public bool TryComplete(IReadOnlyList<WriteOperation> batch, int count)
    {
        TaskCompletionSource? room = null;
        lock (_gate)
        {
            if (!ReferenceEquals(_inHand, batch))
            {
                return false;
            }

            foreach (var operation in batch.Take(count))
            {
                _rows--;
                _bytes -= operation.Bytes;
            }

            _inHand = count < batch.Count ? [.. _inHand!.Skip(count)] : null;
            if (HasRoom)
            {
                (room, _room) = (_room, null);
            }
        }

        room?.SetResult();
        return true;
    }

    /// <summary>Counts the operation. Returns the callback that wakes the writer, or null if the writer does not sleep.</summary>
    private Action? Admit(WriteOperation<TSession> operation)
    {
        _rows++;
        _bytes += operation.Bytes;
        var wake = _writerSleeps ? _wake : null;
        _writerSleeps = false;
        return wake;
    }

    private List<WriteOperation<TSession>>? Next()
    {
        if (_housekeeping is { } later && (_waiting.Count == 0 || _passed++ >= Patience))
        {
            _housekeeping = null;
            return [later];
        }

        return _waiting.Count > 0 ? Gather() : null;
    }

    private List<WriteOperation<TSession>> Gather()
    {
        var batch = new List<WriteOperation<TSession>>(Math.Min(_waiting.Count, options.BatchRows));
        var bytes = 0L;
        while (batch.Count < options.BatchRows && bytes < options.BatchBytes && _waiting.TryDequeue(out var operation))
        {
            batch.Add(operation);
            bytes += operation.Bytes;
        }

        return batch;
    }
}
