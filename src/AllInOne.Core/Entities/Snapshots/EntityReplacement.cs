using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities.Snapshots;

/// <summary>The content of a PUT. It replaces the whole entity: a member that is absent here is absent afterwards.</summary>
/// <param name="Virtual">Whether the entity applies commands itself. An entity of a domain <c>input_*</c> is always virtual.</param>
public sealed record EntityReplacement(
    JsonText State,
    AttributeSet Attributes,
    string? Name,
    string? Area,
    string? Unit,
    string? Class,
    bool Virtual);
