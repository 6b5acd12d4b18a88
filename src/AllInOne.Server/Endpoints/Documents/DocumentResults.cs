using System.Buffers;
using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Queries;
using AllInOne.Core.Values;
using AllInOne.Server.Http.Answers;

namespace AllInOne.Server.Endpoints.Documents;

/// <summary>The answers with documents. Their JSON is written as it is stored.</summary>
internal static class DocumentResults
{
    /// <summary>The answer to a write of one document.</summary>
    public static IResult Of(DocumentChange change, Collection collection, DocumentId id, HttpContext context) => change switch
    {
        DocumentChange.Stored stored => Stored(stored.Document, stored.Created, collection, context),
        DocumentChange.Deleted => TypedResults.NoContent(),
        DocumentChange.ConditionFailed => EntityTags.Failed(),
        DocumentChange.CollectionGone => CollectionsEndpoints.NoCollection(collection.Name),
        DocumentChange.Refused refused => Problem.Of(StatusCodes.Status422UnprocessableEntity, $"The change cannot be made: {refused.Reason}."),
        _ => None(collection, id),
    };

    public static IResult Stored(Document document, bool created, Collection collection, HttpContext context)
    {
        context.Response.Headers.ETag = EntityTags.Of(document.Version).ToString();
        if (created)
        {
            context.Response.Headers.Location = $"/api/collections/{collection.Name}/documents/{document.Id}";
        }

        return new One(document, created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    public static IResult Single(Document document) => new One(document, StatusCodes.Status200OK);

    public static IResult Many(IReadOnlyList<Document> documents, Fields? fields, string? next, int status = StatusCodes.Status200OK) =>
        new Page(documents, fields, next, status);

    public static Problem Taken(DocumentId id) => Problem.Of(StatusCodes.Status409Conflict, $"There is a document {id} already; nothing was stored.");

    public static Problem None(Collection collection, DocumentId id) => None(collection, id.Value);

    /// <summary>The answer if there is no such document. The text may be an invalid id.</summary>
    public static Problem None(Collection collection, string id) => Problem.NotFound($"There is no document {Excerpt.Of(id)} in {collection.Name}.");

    private sealed class One(Document document, int status) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "application/json; charset=utf-8";
            await document.WriteAsync(response.BodyWriter, httpContext.RequestAborted);
        }
    }

    private sealed class Page(IReadOnlyList<Document> documents, Fields? fields, string? next, int status) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var response = httpContext.Response;
            response.StatusCode = status;
            response.ContentType = "application/json; charset=utf-8";
            var output = response.BodyWriter;
            output.Write("{\"items\":["u8);
            for (var i = 0; i < documents.Count; i++)
            {
                if (i > 0)
                {
                    output.Write(","u8);
                }

                if (fields is null)
                {
                    // A page of large documents is not buffered in memory.
                    await documents[i].WriteAsync(output, httpContext.RequestAborted);
                }
                else
                {
                    fields.Write(documents[i].ToJson(), output);
                    await output.FlushAsync(httpContext.RequestAborted);
                }
            }

            // A cursor has only letters, digits, '-' and '_', so it needs no escaping.
            output.Write(System.Text.Encoding.ASCII.GetBytes(next is null ? "],\"next\":null}" : $"],\"next\":\"{next}\"}}"));
            await output.FlushAsync(httpContext.RequestAborted);
        }
    }
}
