using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities;

/// <summary>
/// What a feed says about an entity. Null leaves what is there as it is; attributes are merged into those that are there.
/// </summary>
public sealed record EntityReport(
    EntityId Id,
    JsonText? State,
    string? Name,
    string? Area,
    string? Unit,
    string? Class,
    IReadOnlyList<KeyValuePair<string, JsonText>> Attributes);
