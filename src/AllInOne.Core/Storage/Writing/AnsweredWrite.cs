using AllInOne.Core.Values;

namespace AllInOne.Core.Storage.Writing;

/// <summary>A write whose outcome is decided within the transaction, from the data at that time. The waiting caller is answered after the commit.</summary>
/// <typeparam name="TSession">The transaction of the engine.</typeparam>
/// <typeparam name="T">The type of the answer.</typeparam>
/// <param name="committed">Called first, in the order of the commits, even if the caller does not wait any more.</param>
internal abstract class AnsweredWrite<TSession, T>(Action<T>? committed) : WriteOperation<TSession>(default)
    where T : class
{
    private readonly TaskCompletionSource<T?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes after the commit.</summary>
    public Task<T?> Answered => _answer.Task;

    /// <summary>The outcome of the last application; null before the first.</summary>
    protected T? Outcome { get; set; }

    public override void Answer()
    {
        try
        {
            if (Outcome is { } outcome)
            {
                committed?.Invoke(outcome);
            }
        }
        finally
        {
            // The write is stored, even if the callback has failed.
            _answer.TrySetResult(Outcome);
        }
    }

    public override void Refuse(string reason) => _answer.TrySetException(new UnavailableException(reason));

    /// <summary>Queues the write as soon as there is room, and waits for its commit.</summary>
    /// <param name="room">How long it may wait for room in the queue.</param>
    /// <param name="limit">How long it may wait for the commit.</param>
    /// <exception cref="UnavailableException">There was no room in time, or the commit was not confirmed in time.</exception>
    public async Task<T?> StoreAsync(IWriter<TSession> writer, TimeProvider clock, TimeSpan room, TimeSpan limit, CancellationToken cancel)
    {
        if (!writer.Queue.HasRoom)
        {
            try
            {
                await writer.Queue.WaitForRoomAsync(cancel).WaitAsync(room, clock, cancel).ConfigureAwait(false);
            }
            catch (TimeoutException late)
            {
                throw new UnavailableException($"Not stored: the disk has not caught up within {room}.{writer.Status.Health.Because}", late);
            }
        }

        writer.Queue.Enqueue(this);
        return await AnsweredAsync(writer, clock, limit, cancel).ConfigureAwait(false);
    }

    /// <summary>Waits for the commit of this write, which is in the queue already.</summary>
    /// <exception cref="UnavailableException">The commit was not confirmed in time.</exception>
    public Task<T?> AnsweredAsync(IWriter<TSession> writer, TimeProvider clock, TimeSpan limit, CancellationToken cancel) =>
        LateAnswer.WaitAsync(Answered, clock, limit, cancel, writer.Status);
}
