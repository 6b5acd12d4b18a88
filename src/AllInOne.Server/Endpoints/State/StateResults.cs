using System.Globalization;
using System.Text;
using System.Text.Json;
using AllInOne.Core.State;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.State;

/// <summary>
/// The answers with keys. An item of a list is <c>{key, value, version, expires}</c>; the answer for one key is its value, with the version as ETag.
/// </summary>
internal static class StateResults
{
    private const string JsonType = "application/json; charset=utf-8";

    /// <param name="share">The request's share of the memory for answers. The values are written one by one.</param>
    public static IResult Page(IReadOnlyList<StateItem> items, string? next, RequestMemory.Share share)
    {
        share.Need(items.Select(item => item.Json.Length).DefaultIfEmpty().Max());
        return Json.Page(items.Select(Shown), next);
    }

    /// <summary>An item of a list, or of a change of several keys.</summary>
    public static object Shown(StateItem item) => new { item.Key, Value = new RawJson(item.Json), item.Version, item.Expires };

    /// <summary>The value of one key.</summary>
    public static Task WriteAsync(StateItem item, HttpContext context)
    {
        var response = context.Response;
        Head(item, response);
        response.Headers.CacheControl = "no-cache";
        if (context.Request.Headers.IfNoneMatch.Count > 0 && EntityTags.Match(context.Request, EntityTags.Of(item.Version)))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        var json = item.Json;
        response.ContentType = JsonType;
        response.ContentLength = json.Length;
        return Slices.WriteAsync(response.BodyWriter, json, context.RequestAborted).AsTask();
    }

    /// <summary>The answer to a change that was made, or that was not necessary.</summary>
    public static IResult Done(StateResult result, StateKey key, HttpContext context)
    {
        if (result.Item is not { } item)
        {
            return TypedResults.NoContent();
        }

        Head(item, context.Response);
        if (result.Created)
        {
            context.Response.Headers.Location = $"/api/state/{key}";
        }

        return Json.Of(new { item.Key, item.Version, item.Expires }, result.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    /// <summary>The answer of a counter: <c>{value, version, expires}</c>. It is written by hand because it is so frequent.</summary>
    public static IResult Counted(StateItem item) => new Counter(item);

    /// <summary>The problem response for a change that was not done.</summary>
    public static Problem NotDone(StateResult result, StateKey key) => result.Outcome switch
    {
        StateOutcome.ConditionFailed => EntityTags.Failed(),
        StateOutcome.Refused => Problem.Of(StatusCodes.Status422UnprocessableEntity, $"The change of {key} cannot be made: {result.Reason}."),
        StateOutcome.Full =>
            Problem.Of(StatusCodes.Status507InsufficientStorage, $"There is no memory left for {key} (State:MaxBytes); nothing was changed."),
        _ => None(key),
    };

    public static Problem None(StateKey key) => Problem.NotFound($"There is no key {key}.");

    /// <summary>Sets the headers: the tag, and the time at which the value expires.</summary>
    public static void Head(StateItem item, HttpResponse response)
    {
        response.Headers.ETag = string.Create(CultureInfo.InvariantCulture, $"\"{item.Version}\"");
        if (item.Expires is { } expires)
        {
            response.Headers.Expires = expires.ToString("R", CultureInfo.InvariantCulture);
        }
    }

    /// <summary>Reads the parameter <c>ttl</c>, seconds above zero; null if it is missing.</summary>
    public static TimeSpan? Ttl(QueryReader query)
    {
        var ttl = query.Seconds("ttl", TimeSpan.MaxValue, StateOptions.LongestTtl);
        query.Refuse("ttl", "must be above 0", unless: ttl > TimeSpan.Zero);
        return ttl == TimeSpan.MaxValue ? null : ttl;
    }

    private sealed class Counter(StateItem item) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext)
        {
            var expires = item.Expires is { } end ? JsonSerializer.Serialize(end, Json.Options) : "null";
            var json = Encoding.ASCII.GetBytes(string.Create(
                CultureInfo.InvariantCulture,
                $"{{\"value\":{Encoding.ASCII.GetString(item.Json.Span)},\"version\":{item.Version},\"expires\":{expires}}}"));
            httpContext.Response.ContentType = JsonType;
            httpContext.Response.ContentLength = json.Length;
            return httpContext.Response.BodyWriter.WriteAsync(json, httpContext.RequestAborted).AsTask();
        }
    }
}
