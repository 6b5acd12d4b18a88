namespace AllInOne.Core.Events.History;

/// <summary>Some events that were read from history, in ascending order.</summary>
/// <param name="Entries">The matching events.</param>
/// <param name="Last">The seq of the last examined event, matching or not; the cursor of the read if there was none.</param>
/// <param name="Examined">The number of examined events.</param>
internal readonly record struct StoredEvents(IReadOnlyList<LogEntry> Entries, long Last, int Examined);
