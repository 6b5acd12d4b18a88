using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Events.History;

/// <summary>The stored snapshot of an entity, which is committed together with the event of its change.</summary>
/// <param name="Version">The version of the entity after the event.</param>
/// <param name="Data">The snapshot as JSON in UTF-8; null deletes it. Not copied: the caller must not change it later.</param>
/// <param name="State">
/// The state after the event, which is stored in the row of the event. A number is also stored as a number, for statistics. Not read back.
/// </param>
public sealed record EntityRow(EntityId Id, long Version, ReadOnlyMemory<byte>? Data, JsonText? State = null);

/// <summary>The answer to <see cref="HistoryStore.ReadEntity"/>; no row if the entity is not stored.</summary>
public sealed record EntityRead(EntityId Id, EntityRow? Row);

/// <summary>The answer to <see cref="HistoryStore.ReadEntityIds"/>: every stored entity, in ordinal order.</summary>
public sealed record EntityIdsRead(IReadOnlyList<EntityId> Ids);

/// <summary>The answer to a read that failed. <paramref name="Id"/> is null for a read of all ids.</summary>
public sealed record ReadFailed(EntityId? Id, string Reason);
