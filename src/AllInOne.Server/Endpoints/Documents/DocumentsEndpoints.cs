using System.Text.Json;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Documents;

/// <summary>The resource <c>/api/collections/{name}/documents</c>: one document, or a list. A write is answered after its commit.</summary>
internal static class DocumentsEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    /// <summary>
    /// If fields are selected, a document takes about this many times its bytes: the read bytes, the whole document, the parsed document and the
    /// output.
    /// </summary>
    private const int FieldsCost = 4;

    private const string MergePatch = "application/merge-patch+json";

    public static void MapDocuments(this IEndpointRouteBuilder api, DocumentStore documents)
    {
        const string All = "/collections/{name}/documents";
        const string One = $"{All}/{{id}}";
        var answers = api.ServiceProvider.GetRequiredService<RequestMemory>();
        api.MapRead(All, (string name, HttpContext context) => ListAsync(documents, answers, name, context));
        api.MapPost(All, (string name, HttpContext context) => PostAsync(documents, name, context));
        api.MapRead(One, (string name, string id, HttpContext context) => GetAsync(documents, answers, name, id, context));
        api.MapPut(One, (string name, string id, HttpContext context) => PutAsync(documents, name, id, context));
        api.MapPatch(One, (string name, string id, HttpContext context) => PatchAsync(documents, name, id, context));
        api.MapDelete(One, (string name, string id, HttpContext context) => DeleteAsync(documents, name, id, context));
        api.MapPost($"{One}/insert", (string name, string id, HttpContext context) => InsertAsync(documents, name, id, context));
    }

    private static async Task<IResult> ListAsync(DocumentStore documents, RequestMemory answers, string name, HttpContext context)
    {
        if (Missing(documents, name, out var collection) is { } missing)
        {
            return missing;
        }

        var limits = new QueryLimits { MaxLength = documents.Options.MaxFilterLength, MaxTerms = documents.Options.MaxFilterTerms };
        var query = new QueryReader(context.Request);
        var limit = query.Whole("limit", DefaultLimit, 1, MaxLimit);
        var (filter, sort) = (query.Text("filter", limits.MaxLength), query.Text("sort", limits.MaxLength));
        var (fields, cursor) = (query.Text("fields", limits.MaxLength), query.Text("cursor", 64 * 1024));
        DocumentQuery? asked = null;
        Fields? shown = null;
        try
        {
            asked = DocumentQuery.Parse(name, filter, sort, cursor, limits);
            shown = fields is null ? null : Fields.Parse(fields, limits);
        }
        catch (QueryException wrong)
        {
            query.Refuse(wrong.Parameter, wrong.Message);
        }

        if (query.Wrong() is { } bad)
        {
            return bad;
        }

        try
        {
            var share = answers.Open(context);
            var cost = shown is null ? 1 : FieldsCost;
            var (found, next) = await documents.ListAsync(
                collection!, asked!, limit, context.RequestAborted, Caller.Of(context), bytes => share.TryAdd(bytes * cost));
            return DocumentResults.Many(found, shown, next);
        }
        catch (QueryTimeoutException late)
        {
            return CollectionsEndpoints.TooSlow(late);
        }
    }

    private static Task<IResult> PostAsync(DocumentStore documents, string name, HttpContext context) =>
        WithBodyAsync(documents, name, context, arrays: 1, then: async (target, json) =>
        {
            var isArray = json.ValueKind == JsonValueKind.Array;
            var (bodies, wrong) = isArray ? Bodies(json, documents.Options) : Single(json, documents.Options);
            return wrong ?? await IntoAsync(documents, target, context, async collection =>
                await documents.InsertAsync(collection, bodies, context.RequestAborted) is not var (stored, taken) ? null
                : taken is { } id ? DocumentResults.Taken(id)
                : isArray ? DocumentResults.Many(stored, null, null, StatusCodes.Status201Created)
                : DocumentResults.Stored(stored[0], created: true, collection, context));
        });

    private static async Task<IResult> GetAsync(DocumentStore documents, RequestMemory answers, string name, string id, HttpContext context)
    {
        if ((Missing(documents, name, id, out var collection, out var key) ?? QueryReader.None(context.Request)) is { } wrong)
        {
            return wrong;
        }

        if (await documents.GetAsync(collection!, key, context.RequestAborted, answers.Open(context).TryAdd) is not { } document)
        {
            return DocumentResults.None(collection!, key);
        }

        var tag = EntityTags.Of(document.Version);
        context.Response.Headers.ETag = tag.ToString();
        context.Response.Headers.CacheControl = "no-cache";
        return EntityTags.Match(context.Request, tag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : DocumentResults.Single(document);
    }

    private static async Task<IResult> PutAsync(DocumentStore documents, string name, string id, HttpContext context)
    {
        if (!DocumentId.TryParse(id, out var key))
        {
            return BadId(id);
        }

        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        return unclear ?? await WithBodyAsync(documents, name, context, async (target, json) =>
        {
            var (body, wrong) = DocumentBody.Read(json, documents.Options);
            if (wrong is not null || (body!.Id is { } other && other != key))
            {
                return NoDocument(wrong ?? $"its id is {body!.Id}, not {id}");
            }

            if (condition.Match is not null && documents.Find(target) is null)
            {
                // The collection does not exist, so no version can match. A refused write does not create the collection.
                return EntityTags.Failed();
            }

            return await IntoAsync(documents, target, context, async collection =>
                await documents.PutAsync(collection, key, body.Data, condition, context.RequestAborted) is var change and not DocumentChange.CollectionGone
                    ? DocumentResults.Of(change, collection, key, context)
                    : null);
        });
    }

    private static async Task<IResult> PatchAsync(DocumentStore documents, string name, string id, HttpContext context)
    {
        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        return unclear ?? await WithBodyAsync(documents, name, context, orType: MergePatch, then: async (_, json) =>
            json.ValueKind != JsonValueKind.Object
                ? NoDocument("a merge patch of a document is an object")
                : json.TryGetProperty("id"u8, out var other) && other.ValueKind != JsonValueKind.Null
                    && (other.ValueKind != JsonValueKind.String || !other.ValueEquals(id))
                ? NoDocument($"its id is {Excerpt.Of(other.GetRawText())}, not {Excerpt.Of(id)}")
                : Missing(documents, name, id, out var collection, out var key) ?? DocumentResults.Of(
                    await documents.PatchAsync(collection!, key, json, condition, context.RequestAborted), collection!, key, context));
    }

    private static async Task<IResult> InsertAsync(DocumentStore documents, string name, string id, HttpContext context)
    {
        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        return unclear ?? await WithBodyAsync(documents, name, context, async (_, json) =>
        {
            var (insertion, wrong) = ArrayInsertBody.Read(json);
            return wrong ?? Missing(documents, name, id, out var collection, out var key) ?? DocumentResults.Of(
                await documents.InsertIntoAsync(
                    collection!, key, insertion!.Path, insertion.Value, insertion.Index, insertion.Unique, condition, context.RequestAborted),
                collection!, key, context);
        });
    }

    private static async Task<IResult> DeleteAsync(DocumentStore documents, string name, string id, HttpContext context)
    {
        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        return unclear ?? Missing(documents, name, id, out var collection, out var key) ?? QueryReader.None(context.Request) ?? DocumentResults.Of(
            await documents.DeleteAsync(collection!, key, condition, context.RequestAborted), collection!, key, context);
    }

    /// <summary>Writes into the collection. Creates it if it does not exist, again if it is deleted at the same time.</summary>
    /// <param name="write">The write. It returns its answer, or null if the collection was deleted.</param>
    internal static async Task<IResult> IntoAsync(DocumentStore documents, CollectionName name, HttpContext context, Func<Collection, Task<IResult?>> write)
    {
        while (await documents.FindOrMakeAsync(name, context.RequestAborted) is { } collection)
        {
            if (await write(collection) is { } answer)
            {
                return answer;
            }
        }

        return CollectionsEndpoints.TooMany(documents);
    }

    internal static Problem? Missing(DocumentStore documents, string name, out Collection? collection)
    {
        collection = null;
        if (CollectionsEndpoints.ReadName(name, out var valid) is { } wrong)
        {
            return wrong;
        }

        collection = documents.Find(valid);
        return collection is null ? CollectionsEndpoints.NoCollection(valid) : null;
    }

    /// <summary>Finds the collection and reads the id in the path of a document, or returns the problem. No document has an invalid id.</summary>
    private static Problem? Missing(DocumentStore documents, string name, string id, out Collection? collection, out DocumentId key)
    {
        key = default;
        return Missing(documents, name, out collection)
            ?? (DocumentId.TryParse(id, out key) ? null : DocumentResults.None(collection!, id));
    }

    /// <summary>Reads the name and the body and passes them to <paramref name="then"/>, or returns the problem.</summary>
    private static async Task<IResult> WithBodyAsync(
        DocumentStore documents, string name, HttpContext context, Func<CollectionName, JsonElement, Task<IResult>> then, int arrays = 0, string? orType = null)
    {
        if ((CollectionsEndpoints.ReadName(name, out var target) ?? QueryReader.None(context.Request)) is { } unfit)
        {
            return unfit;
        }

        var (json, unreadable) = await JsonBody.ReadAsync(context.Request, documents.Options.MaxDepth + arrays, orType);
        using (json)
        {
            return unreadable ?? await then(target, json!.RootElement);
        }
    }

    private static (IReadOnlyList<DocumentBody> Bodies, Problem? Wrong) Single(JsonElement json, DocumentsOptions options)
    {
        // The body was read with a depth of one more, because it might have been an array.
        if (DocumentBody.IsDeeper(json, options.MaxDepth))
        {
            return ([], NoDocument($"it has more than {options.MaxDepth} arrays and objects inside one another (Documents:MaxDepth)"));
        }

        var (body, wrong) = DocumentBody.Read(json, options);
        return body is null ? ([], NoDocument(wrong!)) : ([body], null);
    }

    private static (IReadOnlyList<DocumentBody> Bodies, Problem? Wrong) Bodies(JsonElement json, DocumentsOptions options)
    {
        var count = json.GetArrayLength();
        if (count == 0 || count > options.MaxArray)
        {
            return ([], NoDocument($"the array has {count} documents; it takes 1 to {options.MaxArray}"));
        }

        var errors = new InputErrors();
        var bodies = new List<DocumentBody>(count);
        foreach (var element in json.EnumerateArray())
        {
            var (body, wrong) = DocumentBody.Read(element, options);
            if (body is null)
            {
                errors.Add($"[{bodies.Count}]", wrong!);
            }

            bodies.Add(body!);
        }

        if (!errors.Any && bodies.Where(body => body.Id is not null).GroupBy(body => body.Id).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            errors.Add("id", $"{twice.Key} is given twice");
        }

        return errors.Any ? ([], Problem.Unprocessable(errors)) : (bodies, null);
    }

    private static Problem BadId(string id) =>
        Problem.BadRequest($"'{Excerpt.Of(id)}' is no id of a document: it is {DocumentId.Rule}");

    private static Problem NoDocument(string why) => Problem.Of(StatusCodes.Status422UnprocessableEntity, $"The body is no document: {why}.");
}
