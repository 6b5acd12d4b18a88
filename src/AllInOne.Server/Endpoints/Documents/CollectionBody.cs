using System.Text.Json;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Times;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Endpoints.Documents;

/// <summary>The body of <c>PUT /api/collections/{name}</c>: <c>{indexes: [path…], retention}</c>, which are both optional.</summary>
internal static class CollectionBody
{
    /// <summary>Returns the definition, or the problem to answer.</summary>
    public static (CollectionDefinition? Definition, Problem? Wrong) Read(JsonElement json, DocumentsOptions options)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return (null, Problem.Unprocessable(new Dictionary<string, string[]> { ["body"] = ["must be an object"] }));
        }

        var errors = new InputErrors();
        foreach (var member in json.EnumerateObject().Where(member => member.Name is not ("indexes" or "retention")))
        {
            errors.Add(member.Name, "is none of indexes, retention");
        }

        var definition = new CollectionDefinition(Indexes(json, options, errors), Retention(json, errors));
        return errors.Any ? (null, Problem.Unprocessable(errors)) : (definition, null);
    }

    private static List<FieldPath> Indexes(JsonElement json, DocumentsOptions options, InputErrors errors)
    {
        var paths = new List<FieldPath>();
        if (!json.TryGetProperty("indexes"u8, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return paths;
        }

        if (given.ValueKind != JsonValueKind.Array)
        {
            errors.Add("indexes", "must be an array of paths");
            return paths;
        }

        foreach (var element in given.EnumerateArray())
        {
            if (element.ValueKind != JsonValueKind.String || !FieldPath.TryParse(element.GetString(), out var path))
            {
                errors.Add("indexes", $"{Excerpt.Of(element.GetRawText())} is no path such as customer.city");
            }
            else if (path == FieldPath.Id)
            {
                errors.Add("indexes", $"{path} needs no index");
            }
            else if (!paths.Contains(path))
            {
                paths.Add(path);
            }
        }

        if (paths.Count > options.MaxIndexes)
        {
            errors.Add("indexes", $"has more than {options.MaxIndexes} paths");
        }

        return paths;
    }

    private static TimeSpan? Retention(JsonElement json, InputErrors errors)
    {
        if (!json.TryGetProperty("retention"u8, out var given) || given.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (given.ValueKind == JsonValueKind.String && IsoDuration.TryRead(given.GetString()!, out var time)
            && time <= CollectionDefinition.LongestRetention)
        {
            return time;
        }

        errors.Add("retention", "must be a duration in days, hours, minutes and seconds such as P30D or PT12H, at most P36500D, or null");
        return null;
    }
}
