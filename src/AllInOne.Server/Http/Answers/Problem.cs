using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using AllInOne.Core.Values;
using Microsoft.AspNetCore.WebUtilities;

namespace AllInOne.Server.Http.Answers;

/// <summary>
/// A problem document (RFC 9457): <c>{type, title, status, detail, traceId}</c> and, if single members or parameters are wrong,
/// <c>errors: {name: [reason, …]}</c>. An endpoint returns it; expected outcomes throw no exceptions.
/// </summary>
internal sealed class Problem : IResult
{
    public const string ContentType = "application/problem+json";

    private const int TraceIdLength = 32;
    private const int DetailLength = 1500;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private Problem(int status, string? detail) => (Status, Detail) = (status, detail is null ? null : Excerpt.Of(detail, DetailLength));

    public int Status { get; }

    public string? Detail { get; }

    /// <summary>The reasons by member of the body or parameter of the query.</summary>
    public IReadOnlyDictionary<string, string[]>? Errors { get; private init; }

    /// <summary>The answer 503: a part of the server is not available, and the reason.</summary>
    public IReadOnlyDictionary<string, string>? Reasons { get; private init; }

    /// <summary>The delay before the client should repeat the request; sent as <c>Retry-After</c>.</summary>
    public TimeSpan? RetryAfter { get; private init; }

    /// <summary>
    /// The types or encodings that the server accepts, for a 415: the header <c>Accept</c>, <c>Accept-Patch</c> or <c>Accept-Encoding</c>.
    /// </summary>
    public (string Name, string Value)? Takes { get; private init; }

    public static Problem Of(int status, string? detail = null) => new(status, detail);

    /// <param name="header">The name of the header.</param>
    /// <param name="takes">The accepted types or encodings.</param>
    public static Problem Unsupported(string detail, string header, string takes) =>
        new(StatusCodes.Status415UnsupportedMediaType, detail) { Takes = (header, takes) };

    public static Problem BadRequest(string detail) => new(StatusCodes.Status400BadRequest, detail);

    public static Problem BadQuery(InputErrors errors) => Of(StatusCodes.Status400BadRequest, errors);

    public static Problem NotFound(string detail) => new(StatusCodes.Status404NotFound, detail);

    public static Problem Unprocessable(InputErrors errors) => Of(StatusCodes.Status422UnprocessableEntity, errors);

    /// <summary>The answer 422 with reasons that are already collected.</summary>
    public static Problem Unprocessable(IEnumerable<KeyValuePair<string, string[]>> errors) => Unprocessable(InputErrors.From(errors));

    public static Problem Unavailable(string detail, TimeSpan retryAfter, IReadOnlyDictionary<string, string>? reasons = null) =>
        new(StatusCodes.Status503ServiceUnavailable, detail) { RetryAfter = retryAfter, Reasons = reasons };

    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.ContentType = ContentType;
        response.Headers.CacheControl = "no-store";
        if (RetryAfter is { } wait)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds)).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (Takes is var (name, value))
        {
            response.Headers[name] = value;
        }

        var body = JsonSerializer.SerializeToUtf8Bytes(
            new Body("about:blank", TitleOf(Status), Status, Detail, Errors, Reasons, TraceIdOf(httpContext)), Json);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted);
    }

    /// <summary>
    /// The id of a request, in its problem document and in the log: the W3C trace id of the current activity or of the caller (<c>traceparent</c>).
    /// If there is none, an id is created at the first call.
    /// </summary>
    public static string TraceIdOf(HttpContext context)
    {
        if (Activity.Current is { } activity)
        {
            return activity.TraceId.ToHexString();
        }

        // Kestrel's own id has another form.
        if (context.TraceIdentifier.Length != TraceIdLength)
        {
            var isCallers = ActivityContext.TryParse(context.Request.Headers.TraceParent, null, out var caller);
            context.TraceIdentifier = (isCallers ? caller.TraceId : ActivityTraceId.CreateRandom()).ToHexString();
        }

        return context.TraceIdentifier;
    }

    public static string TitleOf(int status) => ReasonPhrases.GetReasonPhrase(status);

    private static Problem Of(int status, InputErrors errors)
    {
        var byName = errors.ByName;
        return new Problem(status, Sentence(byName)) { Errors = byName };
    }

    private static string Sentence(IReadOnlyDictionary<string, string[]> errors) =>
        string.Join("; ", errors.SelectMany(pair => pair.Value.Select(reason => $"{pair.Key}: {reason}")));

    private sealed record Body(
        string Type, string Title, int Status, string? Detail, IReadOnlyDictionary<string, string[]>? Errors,
        IReadOnlyDictionary<string, string>? Reasons, string TraceId);
}
