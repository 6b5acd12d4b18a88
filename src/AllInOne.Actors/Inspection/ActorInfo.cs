namespace AllInOne.Actors;

/// <summary>One actor as it is right now, read without stopping it: the numbers may be a few messages apart.</summary>
/// <param name="Path">From the root: <c>/user/feeds/xml</c>.</param>
/// <param name="Type">The actor's class.</param>
/// <param name="Status">idle, busy, waiting (in an await), suspended, restarting, stopping, stopped or starting.</param>
/// <param name="Mailbox">User messages waiting.</param>
/// <param name="Messages">User messages handled since the start, over all restarts.</param>
/// <param name="Busy">Time spent in slices.</param>
/// <param name="Restarts">How often it got a new instance.</param>
/// <param name="Children">How many.</param>
/// <param name="LastFailure">The last failure, or null.</param>
/// <param name="Message">The class of the current message, or null.</param>
/// <param name="Since">When the actor took the current message, exact to one interval of the monitor; null between slices.</param>
public sealed record ActorInfo(
    string Path, Type Type, string Status, int Mailbox, long Messages, TimeSpan Busy, int Restarts, int Children,
    ActorFailure? LastFailure, Type? Message, DateTimeOffset? Since);

/// <summary>When and why an actor failed.</summary>
/// <param name="Time">When.</param>
/// <param name="Cause">The exception.</param>
/// <param name="Message">The message in hand, or null.</param>
public sealed record ActorFailure(DateTimeOffset Time, Exception Cause, object? Message);
