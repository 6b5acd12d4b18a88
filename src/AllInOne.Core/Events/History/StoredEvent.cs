using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Events.History;

/// <summary>A stored event.</summary>
/// <param name="Seq">The sequence number; unique, and the order of <see cref="HistoryStore.ReadEventsAsync"/>.</param>
/// <param name="Time">The time, exact to the microsecond.</param>
/// <param name="Version">The version of the entity after the event; 0 if there is none.</param>
/// <param name="State">The state of the entity after the event; null if there is none. A numeric state is also stored as a number, for statistics.</param>
/// <param name="Data">The event's <c>data</c> as JSON in UTF-8. Not copied: the caller must not change it later.</param>
public sealed record StoredEvent(
    long Seq,
    DateTimeOffset Time,
    string Topic,
    string Type,
    long Version,
    JsonText? State,
    ReadOnlyMemory<byte> Data);

/// <summary>The stored snapshot of an entity: its JSON in UTF-8, or null to delete it.</summary>
public sealed record EntityRow(EntityId Id, long Version, ReadOnlyMemory<byte>? Data);

/// <summary>A page of an entity's history, oldest first. <paramref name="Next"/> is the cursor of the next page; null on the last page.</summary>
public sealed record HistoryPage(IReadOnlyList<StoredEvent> Items, string? Next);

/// <summary>Statistics of the numeric states of an entity in one step of time.</summary>
/// <param name="Time">The start of the step: a multiple of its length since 1970.</param>
/// <param name="Count">The number of changes with a numeric state.</param>
public sealed record HistoryStep(DateTimeOffset Time, long Count, double Min, double Mean, double Max);

/// <summary>A page of steps, oldest first, without steps that have no number. <paramref name="Next"/> is the same as in <see cref="HistoryPage"/>.</summary>
public sealed record HistoryStepPage(IReadOnlyList<HistoryStep> Items, string? Next);

/// <summary>The answer to <see cref="HistoryStore.ReadEntity"/>; no row if the entity is not stored.</summary>
public sealed record EntityRead(EntityId Id, EntityRow? Row);

/// <summary>The answer to <see cref="HistoryStore.ReadEntityIds"/>: every stored entity, in ordinal order.</summary>
public sealed record EntityIdsRead(IReadOnlyList<EntityId> Ids);

/// <summary>The answer to a read that failed. <paramref name="Id"/> is null for a read of all ids.</summary>
public sealed record ReadFailed(EntityId? Id, string Reason);
