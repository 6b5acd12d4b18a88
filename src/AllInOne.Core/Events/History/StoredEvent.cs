using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Events.History;

/// <summary>One event as history keeps it.</summary>
/// <param name="Seq">The sequence number; unique, and the order of <see cref="HistoryStore.ReadEventsAsync"/>.</param>
/// <param name="Time">Kept to the microsecond.</param>
/// <param name="Version">The version of the entity that the event made; 0 where there is none.</param>
/// <param name="State">The state that the event made, null where there is none; a number is also kept as one, for statistics.</param>
/// <param name="Data">The event's <c>data</c> as JSON in UTF-8. Not copied: whoever stores an event must not change it later.</param>
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

/// <summary>One page of an entity's history, oldest first; <paramref name="Next"/> asks for the page after it, null at the end.</summary>
public sealed record HistoryPage(IReadOnlyList<StoredEvent> Items, string? Next);

/// <summary>What the states of an entity were within one step of time, as far as they were numbers.</summary>
/// <param name="Time">When the step begins: a multiple of its length since 1970.</param>
/// <param name="Count">How many changes it has with a number.</param>
public sealed record HistoryStep(DateTimeOffset Time, long Count, double Min, double Mean, double Max);

/// <summary>Steps oldest first, those without a number left out; <paramref name="Next"/> as in <see cref="HistoryPage"/>.</summary>
public sealed record HistoryStepPage(IReadOnlyList<HistoryStep> Items, string? Next);

/// <summary>The answer to <see cref="HistoryStore.ReadEntity"/>; no row where the entity is not stored.</summary>
public sealed record EntityRead(EntityId Id, EntityRow? Row);

/// <summary>The answer to <see cref="HistoryStore.ReadEntityIds"/>: every stored entity, in ordinal order.</summary>
public sealed record EntityIdsRead(IReadOnlyList<EntityId> Ids);

/// <summary>A read behind the writer failed; <paramref name="Id"/> is null where it asked for all ids.</summary>
public sealed record ReadFailed(EntityId? Id, string Reason);
