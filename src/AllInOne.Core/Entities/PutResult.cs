namespace AllInOne.Core.Entities;

/// <summary>What a PUT did.</summary>
/// <param name="Created">True when the entity was not there before, false when it was replaced (or was the same already).</param>
/// <param name="Snapshot">The entity as the PUT left it.</param>
public sealed record PutResult(bool Created, EntitySnapshot Snapshot);
