namespace AllInOne.Core.Live;

/// <summary>How a wait ended.</summary>
internal enum WaitOutcome
{
    /// <summary>There may be something: look again.</summary>
    Woken,

    /// <summary>Too many wait already.</summary>
    Refused,
}

/// <summary>One long poll that waits for an event after <paramref name="since"/>.</summary>
internal sealed class Waiter(long since, TopicFilter topics)
{
    // Continuations elsewhere: the subscriptions' turn must not become that of a request.
    private readonly TaskCompletionSource<WaitOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long Since { get; } = since;

    public TopicFilter Topics { get; } = topics;

    public Task<WaitOutcome> Ended => _ended.Task;

    public void End(WaitOutcome outcome) => _ended.TrySetResult(outcome);
}
