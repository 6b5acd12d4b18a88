namespace AllInOne.Actors;

/// <summary>Questions: a message, and a task for the first answer.</summary>
public static class AskExtensions
{
    /// <inheritdoc cref="Ask{T}(ICanTell, object, TimeSpan?, CancellationToken)"/>
    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<T>(message, timeout, CancellationToken.None);

    /// <inheritdoc cref="Ask{T}(ICanTell, object, TimeSpan?, CancellationToken)"/>
    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        self.Ask<T>(message, null, cancellationToken);

    /// <inheritdoc cref="Ask{T}(ICanTell, object, TimeSpan?, CancellationToken)"/>
    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        self.Ask<object>(message, timeout, CancellationToken.None);

    /// <summary>Tells <paramref name="message"/> and waits for the first answer; later ones become dead letters.</summary>
    /// <param name="self">Who is asked.</param>
    /// <param name="message">The question.</param>
    /// <param name="timeout">How long to wait; null: for ever.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="AskTimeoutException">No answer came in time.</exception>
    /// <exception cref="ArgumentException">The answer is not a <typeparamref name="T"/>.</exception>
    /// <exception cref="Exception">The answer was a <see cref="Status.Failure"/>, which was not asked for: its cause.</exception>
    public static async Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(self);
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        var answer = new TaskCompletionSource<object>(TaskCreationOptions.RunContinuationsAsynchronously);
        var promise = new PromiseRef(SystemOf(self), answer.TrySetResult);
        self.Tell(message, promise);
        object received;
        try
        {
            var wait = timeout is { } limit && limit >= TimeSpan.Zero ? limit : Timeout.InfiniteTimeSpan;
            received = await answer.Task.WaitAsync(wait, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // An answer that came at the last moment counts: it was taken from the answerer, so it must not be lost.
            received = answer.TrySetCanceled(CancellationToken.None)
                ? throw new AskTimeoutException($"{self} gave no answer to {message.GetType().Name} within {timeout}.")
                : await answer.Task.ConfigureAwait(false);
        }
        finally
        {
            answer.TrySetCanceled(CancellationToken.None);
            promise.Complete();
        }

        return Unpack<T>(received);
    }

    /// <summary>A failure is an answer only for those who ask for one: who asks for any object gets it thrown, too.</summary>
    private static T Unpack<T>(object answer) => answer switch
    {
        Status.Failure failure when typeof(T) == typeof(object) || failure is not T => throw failure.Cause,
        T expected => expected,
        _ => throw new ArgumentException($"The answer is a {answer.GetType()}, asked for was a {typeof(T)}."),
    };

    private static ActorSystem SystemOf(ICanTell target) => target switch
    {
        ActorCell cell => cell.System,
        ActorSelection selection => selection.System,
        DeadLetterRef deadLetters => deadLetters.System,
        PromiseRef promise => promise.System,
        _ => throw new ArgumentException($"{target} cannot be asked.", nameof(target)),
    };
}
