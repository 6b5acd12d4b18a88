namespace AllInOne.Core.Inspection;

/// <summary>
/// Inspects the running tree, and offers the operations of an administrator: restart or stop an actor, set the number of workers. A read never waits
/// for an actor and never blocks one.
/// </summary>
public interface IInspection
{
    /// <summary>The workers that run the actors, and the messages that hold threads up.</summary>
    SchedulerSnapshot Scheduler { get; }

    /// <summary>The maximum that <see cref="Resize"/> accepts: the greater of twice the number of cores and <c>Scheduler:Workers</c>.</summary>
    int MaxWorkers { get; }

    /// <summary>The actor at <paramref name="path"/>; null if it does not exist.</summary>
    ActorSnapshot? Find(string path);

    /// <summary>
    /// The children of an actor, ordered by name: at most <paramref name="limit"/> after the name <paramref name="after"/>, or from the first one if
    /// it is null.
    /// </summary>
    IReadOnlyList<ActorSnapshot> Children(string path, string? after, int limit);

    /// <summary>The actors with the greatest value of a measure, greatest first.</summary>
    /// <param name="by">The measure.</param>
    /// <param name="window">The time over which busy time and messages are measured. The answer comes after this time.</param>
    /// <param name="limit">The maximum number of actors.</param>
    /// <param name="cancellation">Cancels the measurement.</param>
    Task<IReadOnlyList<TopActor>> TopAsync(TopBy by, TimeSpan window, int limit, CancellationToken cancellation);

    /// <summary>
    /// Traces the messages of one actor: first the current message, if there is one, then each message when it is handled. Messages that come faster
    /// than the caller reads are left out and counted. Null if the actor does not exist, or if it has a mailbox type of Akka.NET, such as a logger.
    /// </summary>
    /// <param name="path">The path of the actor.</param>
    /// <param name="every">Report one of this many messages; 1 for all. Failures are always reported.</param>
    /// <param name="cancellation">Ends the trace.</param>
    IAsyncEnumerable<TracedMessage>? Trace(string path, int every, CancellationToken cancellation);

    /// <summary>Sets how many actors run at the same time. Current messages are completed first.</summary>
    /// <param name="workers">1 to <see cref="MaxWorkers"/>.</param>
    void Resize(int workers);

    /// <summary>Restarts the actor between two messages; its mailbox stays. Returns false if the actor does not exist.</summary>
    /// <remarks>An actor that does not complete its message in time is abandoned: its new instance starts while the old one is still stuck.</remarks>
    bool Restart(string path);

    /// <summary>
    /// Stops the actor after its current message; an actor that does not complete it in time is abandoned. An actor whose parent would start it again
    /// (<c>IRevivesChildren</c>) is restarted instead. Returns false if the actor does not exist.
    /// </summary>
    bool Stop(string path);
}
