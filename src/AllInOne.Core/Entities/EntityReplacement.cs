using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Entities;

/// <summary>All that a PUT says about an entity; it replaces everything, so what is absent here is absent afterwards.</summary>
/// <param name="Virtual">Applies commands itself; an entity of a domain <c>input_*</c> is virtual whatever this says.</param>
public sealed record EntityReplacement(
    JsonText State,
    AttributeSet Attributes,
    string? Name,
    string? Area,
    string? Unit,
    string? Class,
    bool Virtual);
