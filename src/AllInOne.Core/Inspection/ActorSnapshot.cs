using System.Text.Json.Serialization;

namespace AllInOne.Core.Inspection;

/// <summary>One actor at a moment: the shape of <c>/api/system/actors</c>.</summary>
/// <param name="Path">From the root: <c>/user/feeds/xml</c>.</param>
/// <param name="Type">The actor's class.</param>
/// <param name="Status">idle, busy, waiting, suspended, restarting, stopping or starting.</param>
/// <param name="Mailbox">Messages waiting.</param>
/// <param name="Messages">Messages handled, over all restarts.</param>
/// <param name="BusyMs">Milliseconds spent handling them.</param>
/// <param name="Restarts">How often it got a new instance.</param>
/// <param name="Children">How many it has.</param>
/// <param name="LastFailure">Its last failure, or null.</param>
/// <param name="Message">The class of the message in hand, or null.</param>
/// <param name="Since">Since when it has been busy, or null.</param>
public sealed record ActorSnapshot(
    string Path, string Type, string Status, int Mailbox, long Messages, double BusyMs, int Restarts, int Children,
    FailureSnapshot? LastFailure, string? Message, DateTimeOffset? Since)
{
    /// <summary>What the part below it has to say of itself in numbers; left out where it has nothing.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Detail { get; init; }
}

/// <summary>A failure.</summary>
/// <param name="Time">When.</param>
/// <param name="Type">The exception's class.</param>
/// <param name="Reason">Its message.</param>
/// <param name="Message">The class of the message in hand, or null.</param>
public sealed record FailureSnapshot(DateTimeOffset Time, string Type, string Reason, string? Message);
