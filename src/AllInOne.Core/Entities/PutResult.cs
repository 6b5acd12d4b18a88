using AllInOne.Core.Entities.Snapshots;

namespace AllInOne.Core.Entities;

/// <summary>The result of a PUT.</summary>
/// <param name="Created">True if the entity was created, false if it was replaced or already equal.</param>
/// <param name="Snapshot">The entity after the PUT.</param>
public sealed record PutResult(bool Created, EntitySnapshot Snapshot);
