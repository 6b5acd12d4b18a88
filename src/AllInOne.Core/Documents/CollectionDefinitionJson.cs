using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;
using AllInOne.Core.Documents.Queries;

namespace AllInOne.Core.Documents;

/// <summary>A definition as it is stored and shown: <c>{"indexes":["customer.city"],"retention":"P30D"}</c>.</summary>
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

    /// <summary>One of our own making.</summary>
    public static CollectionDefinition Read(string json)
    {
        using var parsed = JsonDocument.Parse(json);
        var retention = parsed.RootElement.GetProperty("retention").GetString();
        return new CollectionDefinition(
            [.. parsed.RootElement.GetProperty("indexes").EnumerateArray().Select(path => FieldPath.Parse(path.GetString()!))],
            retention is null ? null : XmlConvert.ToTimeSpan(retention));
    }

    /// <summary>A duration as ISO 8601 writes it, in days, hours, minutes and seconds: months and years have no fixed length.</summary>
    public static bool TryParseDuration(string text, out TimeSpan duration)
    {
        ArgumentNullException.ThrowIfNull(text);
        duration = default;
        var date = text.Split('T')[0];
        if (date.Contains('Y', StringComparison.Ordinal) || date.Contains('M', StringComparison.Ordinal))
        {
            return false;
        }

        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return duration > TimeSpan.Zero;
        }
        catch (Exception wrong) when (wrong is FormatException or OverflowException)
        {
            return false;
        }
    }
}
