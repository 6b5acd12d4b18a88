using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using AllInOne.Core.Documents.Queries;

namespace AllInOne.Core.Documents;

/// <summary>Reads and writes a definition as JSON, for storage and for clients: <c>{"indexes":["customer.city"],"retention":"P30D"}</c>.</summary>
public static class CollectionDefinitionJson
{
    public static string Write(CollectionDefinition definition)
    {
        ArgumentNullException.ThrowIfNull(definition);
        return new JsonObject
        {
            ["indexes"] = new JsonArray([.. definition.Indexes.Select(path => JsonValue.Create(path.Text))]),
            ["retention"] = definition.Retention is { } time ? XmlConvert.ToString(time) : null,
        }.ToJsonString();
    }

    /// <summary>Reads a definition that <see cref="Write"/> has written.</summary>
    public static CollectionDefinition Read(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        var retention = parsed.RootElement.GetProperty("retention").GetString();
        return new CollectionDefinition(
            [.. parsed.RootElement.GetProperty("indexes").EnumerateArray().Select(path => FieldPath.Parse(path.GetString()!))],
            retention is null ? null : XmlConvert.ToTimeSpan(retention));
    }
}
