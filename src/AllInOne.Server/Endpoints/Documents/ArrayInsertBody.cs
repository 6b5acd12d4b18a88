using System.Text.Json;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Values;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Endpoints.Documents;

/// <summary>The body of <c>POST …/documents/{id}/insert</c>: <c>{path, value, index, unique}</c>, of which path and value are required.</summary>
internal sealed record ArrayInsertBody(FieldPath Path, JsonElement Value, int? Index, bool Unique)
{
    public static (ArrayInsertBody? Body, Problem? Wrong) Read(JsonElement json)
    {
        var errors = new InputErrors();
        if (json.ValueKind != JsonValueKind.Object)
        {
            errors.Add("body", "must be an object");
            return (null, Problem.Unprocessable(errors));
        }

        FieldPath? path = null;
        JsonElement? value = null;
        int? index = null;
        var unique = false;
        foreach (var member in json.EnumerateObject())
        {
            switch (member.Name)
            {
                case "path":
                    if (member.Value.ValueKind != JsonValueKind.String || !FieldPath.TryParse(member.Value.GetString(), out path) || path.IsOwn)
                    {
                        errors.Add("path", "must be the path of an array in the document, such as lines or order.tags");
                    }

                    break;
                case "value":
                    value = member.Value;
                    break;
                case "index":
                    if (member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var at))
                    {
                        index = at;
                    }
                    else if (member.Value.ValueKind != JsonValueKind.Null)
                    {
                        errors.Add("index", "must be a whole number");
                    }

                    break;
                case "unique":
                    if (member.Value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
                    {
                        errors.Add("unique", "must be true or false");
                    }

                    unique = member.Value.ValueKind == JsonValueKind.True;
                    break;
                default:
                    errors.Add(member.Name, "is none of path, value, index, unique");
                    break;
            }
        }

        if (path is null && !errors.Has("path"))
        {
            errors.Add("path", "is missing");
        }

        if (value is null)
        {
            errors.Add("value", "is missing");
        }

        return errors.Any ? (null, Problem.Unprocessable(errors)) : (new ArrayInsertBody(path!, value!.Value, index, unique), null);
    }
}
