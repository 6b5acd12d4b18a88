using System.Collections.Concurrent;

namespace AllInOne.Core.Supervision;

/// <summary>
/// The readiness of each part of the server. The children of <c>/user</c> report here that they are restoring, ready or not able to serve. It lives
/// as long as the process, so a restarted part keeps its entry. Thread-safe.
/// </summary>
public sealed class Readiness
{
    private readonly ConcurrentDictionary<string, Part> _parts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _notes = new(StringComparer.Ordinal);

    /// <summary>The reason for each part that is not ready, in one line, by part; empty if all are ready.</summary>
    public IReadOnlyDictionary<string, string> Reasons =>
        // Read each reason once, because a part may become ready at any moment.
        _parts.Select(part => (Name: part.Key, part.Value.Reason))
            .Where(part => part.Reason is not null)
            .OrderBy(part => part.Name, StringComparer.Ordinal)
            .ToDictionary(part => part.Name, part => part.Reason!);

    /// <summary>Notes for the administrator, by subject, about things that keep no part from serving; empty if there are none.</summary>
    public IReadOnlyDictionary<string, string> Notes => _notes.OrderBy(note => note.Key, StringComparer.Ordinal).ToDictionary();

    /// <summary>Replaces the note on this subject. It stays until the server stops.</summary>
    public void Note(string subject, string text) => _notes[subject] = text;

    /// <summary>Reports that the part cannot serve yet, or cannot serve any more.</summary>
    public void NotReady(string part, string reason) => PartOf(part).Reason = reason;

    /// <summary>Reports that the part serves.</summary>
    public void Ready(string part)
    {
        var entry = PartOf(part);
        entry.Reason = null;
        entry.First.TrySetResult();
    }

    /// <summary>
    /// Reports that the part cannot start at all. Callers of <see cref="WhenReady"/> get the exception; otherwise the same as <see cref="NotReady"/>.
    /// </summary>
    public void Failed(string part, Exception cause)
    {
        var entry = PartOf(part);
        entry.Reason = cause.Message;
        entry.First.TrySetException(cause);
    }

    /// <summary>Completes when the part is ready for the first time; faults if its first start failed.</summary>
    public Task WhenReady(string part) => PartOf(part).First.Task;

    private Part PartOf(string name) => _parts.GetOrAdd(name, _ => new Part());

    private sealed class Part
    {
        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public volatile string? Reason = "starting";
    }
}
