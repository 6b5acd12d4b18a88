namespace AllInOne.Actors;

/// <summary>Turns the outcome of a task into a message.</summary>
public static class PipeToExtensions
{
    /// <summary>Tells the result, or a <see cref="Status.Failure"/> with the exception.</summary>
    /// <param name="taskToPipe">The task.</param>
    /// <param name="recipient">Who is told.</param>
    /// <param name="sender">Who signs.</param>
    /// <param name="success">Makes the message of a result.</param>
    /// <param name="failure">Makes the message of an exception.</param>
    public static async Task PipeTo<T>(
        this Task<T> taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<T, object>? success = null, Func<Exception, object>? failure = null)
    {
        ArgumentNullException.ThrowIfNull(taskToPipe);
        ArgumentNullException.ThrowIfNull(recipient);
        object message;
        try
        {
            var result = await taskToPipe.ConfigureAwait(false);
            message = success is null ? result! : success(result);
        }
#pragma warning disable CA1031 // The failure becomes a message.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            message = failure is null ? new Status.Failure(exception) : failure(exception);
        }

        recipient.Tell(message, sender);
    }

    /// <summary>Tells what <paramref name="success"/> makes (nothing when it is null), or a <see cref="Status.Failure"/>.</summary>
    public static async Task PipeTo(
        this Task taskToPipe, ICanTell recipient, IActorRef? sender = null, Func<object>? success = null, Func<Exception, object>? failure = null)
    {
        ArgumentNullException.ThrowIfNull(taskToPipe);
        ArgumentNullException.ThrowIfNull(recipient);
        object? message;
        try
        {
            await taskToPipe.ConfigureAwait(false);
            message = success?.Invoke();
        }
#pragma warning disable CA1031 // The failure becomes a message.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            message = failure is null ? new Status.Failure(exception) : failure(exception);
        }

        if (message is not null)
        {
            recipient.Tell(message, sender);
        }
    }
}
