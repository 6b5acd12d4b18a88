using System.Text.Json.Serialization;
using AllInOne.Core.Documents;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Documents;

/// <summary>The resource <c>/api/collections</c>: the collections and their definitions.</summary>
internal static class CollectionsEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    public static void MapCollections(this IEndpointRouteBuilder api, DocumentStore documents)
    {
        api.MapRead("/collections", (HttpRequest request) => List(documents, request));
        api.MapRead("/collections/{name}", (string name, HttpContext context) => GetAsync(documents, name, context));
        api.MapPut("/collections/{name}", (string name, HttpContext context) => PutAsync(documents, name, context));
        api.MapDelete("/collections/{name}", (string name, HttpContext context) => DeleteAsync(documents, name, context));
    }

    /// <summary>Reads the name in a path; returns the problem when it is not valid.</summary>
    internal static Problem? ReadName(string text, out CollectionName name) => CollectionName.TryParse(text, out name)
        ? null
        : Problem.BadRequest($"'{Excerpt.Of(text)}' is no name of a collection: it is 1 to 64 letters, digits, '_' and '-', and begins with a letter or digit.");

    internal static Problem NoCollection(CollectionName name) => Problem.NotFound($"There is no collection {name}.");

    internal static Problem TooMany(DocumentStore documents) => Problem.Of(
        StatusCodes.Status409Conflict, $"There are {documents.Options.MaxCollections} collections, and no more may be made (Documents:MaxCollections).");

    internal static Problem TooSlow(QueryTimeoutException late) => Problem.Of(
        StatusCodes.Status422UnprocessableEntity, $"{late.Message} An index on what it asks for (PUT the collection), or a narrower filter, makes it quick.");

    private static IResult List(DocumentStore documents, HttpRequest request)
    {
        var query = new QueryReader(request);
        var limit = query.Whole("limit", DefaultLimit, 1, MaxLimit);
        var cursor = query.Text("cursor");
        query.Refuse("cursor", "is none of this list", unless: CollectionName.TryParse(cursor, out var after) || cursor is null);
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        var found = documents.Collections.Where(each => each.Name > after).Take(limit + 1).ToList();
        return Json.Page(found.Take(limit).Select(each => CollectionView.Of(each)), found.Count > limit ? found[limit - 1].Name.Value : null);
    }

    private static async Task<IResult> GetAsync(DocumentStore documents, string name, HttpContext context)
    {
        if ((DocumentsEndpoints.Missing(documents, name, out var collection) ?? QueryReader.None(context.Request)) is { } wrong)
        {
            return wrong;
        }

        try
        {
            return Json.Ok(CollectionView.Of(collection!, await documents.CountAsync(collection!, context.RequestAborted, Caller.Of(context))));
        }
        catch (QueryTimeoutException late)
        {
            return TooSlow(late);
        }
    }

    private static async Task<IResult> PutAsync(DocumentStore documents, string path, HttpContext context)
    {
        if ((ReadName(path, out var name) ?? QueryReader.None(context.Request)) is { } unfit)
        {
            return unfit;
        }

        var (json, unreadable) = await JsonBody.ReadAsync(context.Request);
        using (json)
        {
            if (unreadable is not null)
            {
                return unreadable;
            }

            var (definition, wrong) = CollectionBody.Read(json!.RootElement, documents.Options);
            if (wrong is not null)
            {
                return wrong;
            }

            if (await documents.DefineAsync(name, definition!, context.RequestAborted) is not var (collection, created))
            {
                return TooMany(documents);
            }

            var view = CollectionView.Of(collection, await CountInTimeAsync(documents, collection, context.RequestAborted));
            if (!created)
            {
                return Json.Ok(view);
            }

            context.Response.Headers.Location = $"/api/collections/{name}";
            return Json.Of(view, StatusCodes.Status201Created);
        }
    }

    // The definition is stored already: a count that takes too long must not turn the answer into an error.
    private static async Task<long?> CountInTimeAsync(DocumentStore documents, Collection collection, CancellationToken cancel)
    {
        try
        {
            return await documents.CountAsync(collection, cancel);
        }
        catch (Exception late) when (late is QueryTimeoutException or UnavailableException)
        {
            return null;
        }
    }

    private static async Task<IResult> DeleteAsync(DocumentStore documents, string path, HttpContext context) =>
        (ReadName(path, out var name) ?? QueryReader.None(context.Request)) is { } wrong ? wrong
        : await documents.DropAsync(name, context.RequestAborted) ? TypedResults.NoContent()
        : NoCollection(name);

    /// <summary>A collection as JSON. A list has no number of documents, because each collection would have to be counted.</summary>
    private sealed record CollectionView(
        string Name,
        IEnumerable<string> Indexes,
        string? Retention,
        DateTimeOffset Created,
        DateTimeOffset Updated,
        [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Documents)
    {
        public static CollectionView Of(Collection collection, long? documents = null) => new(
            collection.Name.Value,
            collection.Definition.Indexes.Select(path => path.Text),
            collection.Definition.Retention is { } kept ? System.Xml.XmlConvert.ToString(kept) : null,
            collection.Created,
            collection.Updated,
            documents);
    }
}
