using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities.Snapshots;

/// <summary>
/// A report of a feed about an entity. A member that is null does not change the entity; attributes are merged into the existing ones.
/// </summary>
public sealed record EntityReport(
    EntityId Id,
    JsonText? State,
    string? Name,
    string? Area,
    string? Unit,
    string? Class,
    IReadOnlyList<KeyValuePair<string, JsonText>> Attributes);
