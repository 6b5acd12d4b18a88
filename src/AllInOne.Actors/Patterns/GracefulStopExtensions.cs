namespace AllInOne.Actors;

/// <summary>Stopping with a wait for the end.</summary>
public static class GracefulStopExtensions
{
    /// <summary>Sends a <see cref="PoisonPill"/> and completes with true when the actor has stopped.</summary>
    public static Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout) =>
        target.GracefulStop(timeout, PoisonPill.Instance);

    /// <summary>Sends <paramref name="stopMessage"/> and completes with true when the actor has stopped.</summary>
    /// <exception cref="TaskCanceledException">It has not stopped within <paramref name="timeout"/>; it may still.</exception>
    public static async Task<bool> GracefulStop(this IActorRef target, TimeSpan timeout, object stopMessage)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target is not ActorCell cell)
        {
            return true;
        }

        var stopped = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var watcher = new PromiseRef(cell.System, _ => false, actor => actor.Equals(cell) && stopped.TrySetResult(true));
        cell.SendSystemMessage(new WatchMessage(watcher));
        cell.Tell(stopMessage, ActorRefs.NoSender);
        try
        {
            return await stopped.Task.WaitAsync(timeout).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            cell.SendSystemMessage(new UnwatchMessage(watcher));
            throw new TaskCanceledException($"{target} has not stopped within {timeout}.");
        }
    }
}
