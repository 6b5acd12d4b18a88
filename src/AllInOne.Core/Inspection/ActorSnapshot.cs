using System.Text.Json.Serialization;

namespace AllInOne.Core.Inspection;

/// <summary>One actor at one moment, in the form of <c>/api/system/actors</c>.</summary>
/// <param name="Path">The path from the root, such as <c>/user/feeds/xml</c>.</param>
/// <param name="Type">The class of the actor.</param>
/// <param name="Status">idle, busy, waiting, suspended, restarting, stopping or starting.</param>
/// <param name="Mailbox">The number of waiting messages.</param>
/// <param name="Messages">The number of handled messages, over all restarts.</param>
/// <param name="BusyMs">The time that handling them took, in milliseconds.</param>
/// <param name="Restarts">The number of restarts.</param>
/// <param name="Children">The number of children.</param>
/// <param name="LastFailure">The last failure; null if there was none.</param>
/// <param name="Message">The class of the current message; null if there is none.</param>
/// <param name="Since">The time since when it has been busy; null if it is not.</param>
public sealed record ActorSnapshot(
    string Path, string Type, string Status, int Mailbox, long Messages, double BusyMs, int Restarts, int Children,
    FailureSnapshot? LastFailure, string? Message, DateTimeOffset? Since)
{
    /// <summary>Figures of the part below this actor; left out if the part has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public object? Detail { get; init; }
}

/// <summary>A failure of an actor.</summary>
/// <param name="Time">The time of the failure.</param>
/// <param name="Type">The class of the exception.</param>
/// <param name="Reason">The message of the exception.</param>
/// <param name="Message">The class of the message that was being handled; null if there was none.</param>
public sealed record FailureSnapshot(DateTimeOffset Time, string Type, string Reason, string? Message);
