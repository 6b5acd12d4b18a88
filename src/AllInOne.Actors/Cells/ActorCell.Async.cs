namespace AllInOne.Actors;

/// <summary>
/// Handlers that await: the mailbox waits, system messages go on, and the code after the await runs here, with the
/// message and the sender that it had.
/// </summary>
internal sealed partial class ActorCell
{
    public void RunTask(Func<Task> handler)
    {
        Worker.ThrowIfLost();
        var context = _parts?.Awaiting ?? new ActorSynchronizationContext(this);
        var task = Within(context, handler);
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }

        using var grip = Worker.Hold();
        if (_parts?.AwaitedTask is { } earlier)
        {
            // A second one in the same message: the mailbox waits for both.
            task = Task.WhenAll(earlier, task);
        }

        Parts.Awaiting = context;
        Parts.AwaitedTask = task;
        _ = task.ContinueWith(
            static (ended, cell) => ((ActorCell)cell!).TrySendSystemMessage(new AwaitEndedMessage(ended)),
            this,
            CancellationToken.None,
            TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);
    }

    private void Continue(ContinueMessage continuation)
    {
        if (!ReferenceEquals(_parts?.Awaiting, continuation.Context))
        {
            continuation.RunOutside();
            return;
        }

        Worker.Current!.Enter();
        Within(continuation.Context, () =>
        {
            continuation.Run();
            return Task.CompletedTask;
        });
        Worker.Current!.Leave();
    }

    private void EndAwait(Task task)
    {
        if (!ReferenceEquals(_parts?.AwaitedTask, task))
        {
            return;
        }

        _parts!.Awaiting = null;
        _parts.AwaitedTask = null;
        task.GetAwaiter().GetResult();
        EndMessage();
    }

    private static Task Within(SynchronizationContext context, Func<Task> code)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(context);
        try
        {
            return code();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }
}
