namespace AllInOne.Actors;

/// <summary>The current state of one actor. It is read while the actor runs, so the numbers may differ by a few messages.</summary>
/// <param name="Path">The path from the root, for example <c>/user/feeds/xml</c>.</param>
/// <param name="Type">The actor's class.</param>
/// <param name="Status">idle, busy, waiting (in an await), suspended, restarting, stopping, stopped or starting.</param>
/// <param name="Mailbox">The number of waiting user messages.</param>
/// <param name="Messages">The number of user messages handled since the start, over all restarts.</param>
/// <param name="Busy">The time spent in slices.</param>
/// <param name="Restarts">The number of restarts since the start.</param>
/// <param name="Children">The number of children.</param>
/// <param name="LastFailure">The last failure, or null.</param>
/// <param name="Message">The class of the current message, or null.</param>
/// <param name="Since">When the actor took the current message, exact to one interval of the monitor; null between slices.</param>
public sealed record ActorInfo(
    string Path, Type Type, string Status, int Mailbox, long Messages, TimeSpan Busy, int Restarts, int Children,
    ActorFailure? LastFailure, Type? Message, DateTimeOffset? Since);

/// <summary>The time and the reason of a failure of an actor.</summary>
/// <param name="Time">The time of the failure.</param>
/// <param name="Cause">The exception.</param>
/// <param name="Message">The current message at the failure, or null.</param>
public sealed record ActorFailure(DateTimeOffset Time, Exception Cause, object? Message);
