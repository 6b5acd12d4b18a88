using System.Collections.Concurrent;

namespace AllInOne.Core.Supervision;

/// <summary>
/// What the server still waits for, by part: the children of <c>/user</c> say here that they are restoring, ready or in
/// trouble. Lives as long as the process, so a restarted part keeps its entry. Any thread.
/// </summary>
public sealed class Readiness
{
    private readonly ConcurrentDictionary<string, Part> _parts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string> _notes = new(StringComparer.Ordinal);

    /// <summary>One line for each part that is not ready, by name; empty when all are.</summary>
    public IReadOnlyDictionary<string, string> Reasons =>
        // Each is read once: a part may become ready meanwhile.
        _parts.Select(part => (Name: part.Key, part.Value.Reason))
            .Where(part => part.Reason is not null)
            .OrderBy(part => part.Name, StringComparer.Ordinal)
            .ToDictionary(part => part.Name, part => part.Reason!);

    /// <summary>Notes for the administrator, by subject, while all parts serve; empty when there are none.</summary>
    public IReadOnlyDictionary<string, string> Notes => _notes.OrderBy(note => note.Key, StringComparer.Ordinal).ToDictionary();

    /// <summary>Replaces the note on this subject. It stays until the server stops.</summary>
    public void Note(string subject, string text) => _notes[subject] = text;

    /// <summary>The part cannot serve yet, or no longer.</summary>
    public void NotReady(string part, string reason) => PartOf(part).Reason = reason;

    /// <summary>The part serves.</summary>
    public void Ready(string part)
    {
        var entry = PartOf(part);
        entry.Reason = null;
        entry.First.TrySetResult();
    }

    /// <summary>The part cannot start at all: waiting callers get the exception; afterwards the same as <see cref="NotReady"/>.</summary>
    public void Failed(string part, Exception cause)
    {
        var entry = PartOf(part);
        entry.Reason = cause.Message;
        entry.First.TrySetException(cause);
    }

    /// <summary>Completes when the part is ready for the first time; faults when its first start failed.</summary>
    public Task WhenReady(string part) => PartOf(part).First.Task;

    private Part PartOf(string name) => _parts.GetOrAdd(name, _ => new Part());

    private sealed class Part
    {
        public TaskCompletionSource First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public volatile string? Reason = "starting";
    }
}
