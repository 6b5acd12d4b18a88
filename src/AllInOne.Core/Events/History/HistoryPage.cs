using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Events.History;

/// <summary>A stored event of one entity.</summary>
/// <param name="Version">The version of the entity after the event; 0 if there is none.</param>
/// <param name="State">The state of the entity after the event; null if there is none.</param>
/// <param name="Data">The event's <c>data</c> as JSON in UTF-8.</param>
public sealed record HistoryItem(
    long Seq, DateTimeOffset Time, string Topic, string Type, long Version, JsonText? State, ReadOnlyMemory<byte> Data);

/// <summary>A page of an entity's history, oldest first. <paramref name="Next"/> is the cursor of the next page; null on the last page.</summary>
public sealed record HistoryPage(IReadOnlyList<HistoryItem> Items, string? Next);

/// <summary>Statistics of the numeric states of an entity in one step of time.</summary>
/// <param name="Time">The start of the step: a multiple of its length since 1970.</param>
/// <param name="Count">The number of changes with a numeric state.</param>
public sealed record HistoryStep(DateTimeOffset Time, long Count, double Min, double Mean, double Max);

/// <summary>A page of steps, oldest first, without steps that have no number. <paramref name="Next"/> is the same as in <see cref="HistoryPage"/>.</summary>
public sealed record HistoryStepPage(IReadOnlyList<HistoryStep> Items, string? Next);
