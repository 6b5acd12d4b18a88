namespace AllInOne.Core.Inspection;

/// <summary>
/// Reads the running tree, and offers the operations of an administrator: restart or stop a part, set the number of workers. Reading never
/// waits for an actor and never blocks one.
/// </summary>
public interface IInspection
{
    /// <summary>The workers that run the actors, and who holds one up.</summary>
    SchedulerSnapshot Scheduler { get; }

    /// <summary>The maximum that <see cref="Resize"/> accepts: twice the cores, or <c>Scheduler:Workers</c>, whichever is more.</summary>
    int MaxWorkers { get; }

    /// <summary>The actor at <paramref name="path"/>, or null.</summary>
    ActorSnapshot? Find(string path);

    /// <summary>Its children by name, those behind <paramref name="after"/>, at most <paramref name="limit"/>.</summary>
    IReadOnlyList<ActorSnapshot> Children(string path, string? after, int limit);

    /// <summary>Those of all actors that have most of something, the greatest first.</summary>
    /// <param name="by">Of what.</param>
    /// <param name="window">Over how long busy time and messages are taken; the answer comes when it is over.</param>
    /// <param name="limit">How many at the most.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    Task<IReadOnlyList<TopActor>> TopAsync(TopBy by, TimeSpan window, int limit, CancellationToken cancellation);

    /// <summary>
    /// Watches what one actor handles: first the message in hand, if there is one, then each as it ends. What comes faster than
    /// it is read is left out and counted. Null if there is no such actor, or if it has a mailbox type of Akka.NET, such as a logger.
    /// </summary>
    /// <param name="path">Which actor.</param>
    /// <param name="every">Report one of this many messages; 1 for all. Failures are always reported.</param>
    /// <param name="cancellation">Ends the trace.</param>
    IAsyncEnumerable<TracedMessage>? Trace(string path, int every, CancellationToken cancellation);

    /// <summary>Sets how many actors run at the same time. Current messages are completed.</summary>
    /// <param name="workers">1 to <see cref="MaxWorkers"/>.</param>
    void Resize(int workers);

    /// <summary>Gives the actor a new instance between two messages; its mailbox stays. False when there is no such actor.</summary>
    /// <remarks>An actor that does not end its message in time is abandoned: its new instance begins beside the stuck one.</remarks>
    bool Restart(string path);

    /// <summary>Stops the actor after the message in hand; one that does not end it in time is abandoned. False when there is no such actor.</summary>
    bool Stop(string path);
}
