using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using AllInOne.Core.Jobs;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Jobs;

/// <summary><c>/api/jobs/{id}/enqueue</c>, <c>/queue</c> and <c>/dead</c>: the items of the queue of a job, and its dead items.</summary>
internal static class JobQueueEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;

    private static readonly TimeSpan LongestDelay = TimeSpan.FromDays(3650);

    public static void MapJobQueue(this IEndpointRouteBuilder api, JobStore jobs)
    {
        var answers = api.ServiceProvider.GetRequiredService<RequestMemory>();
        api.MapPost("/jobs/{id}/enqueue", (string id, HttpContext context) => EnqueueAsync(jobs, id, context));
        api.MapRead("/jobs/{id}/queue", (string id, HttpContext context) => ListAsync(jobs, answers, id, dead: false, context));
        api.MapRead("/jobs/{id}/dead", (string id, HttpContext context) => ListAsync(jobs, answers, id, dead: true, context));
        api.MapPost("/jobs/{id}/dead/retry", (string id, HttpContext context) => SettleAsync(jobs, id, null, retry: true, context));
        api.MapDelete("/jobs/{id}/dead", (string id, HttpContext context) => SettleAsync(jobs, id, null, retry: false, context));
        api.MapPost("/jobs/{id}/dead/{item}/retry", (string id, string item, HttpContext context) => SettleAsync(jobs, id, item, retry: true, context));
        api.MapDelete("/jobs/{id}/dead/{item}", (string id, string item, HttpContext context) => SettleAsync(jobs, id, item, retry: false, context));
    }

    private static async Task<IResult> EnqueueAsync(JobStore jobs, string id, HttpContext context)
    {
        if ((JobsEndpoints.Missing(jobs, id, out var job) ?? new QueryReader(context.Request).Wrong()) is { } wrong)
        {
            return wrong;
        }

        if (context.Request.ContentLength is null or 0 && context.Request.Headers.TransferEncoding.Count == 0)
        {
            return Answer(await jobs.Queues.EnqueueAsync(job, default, TimeSpan.Zero, null, context.RequestAborted), job);
        }

        var (json, unreadable) = await JsonBody.ReadAsync(context.Request);
        using (json)
        {
            if (unreadable is not null)
            {
                return unreadable;
            }

            var members = new JsonMembers(json!.RootElement);
            var (parameters, delay, key) = (members.Any("parameters"), members.Seconds("delay", LongestDelay, orZero: true), members.Text("key", 256));
            var own = parameters.ValueKind == JsonValueKind.Undefined ? [] : JsonMarshal.GetRawUtf8Value(parameters).ToArray();
            if (key is { Length: 0 })
            {
                members.Refuse("key", "must have 1 to 256 characters, and no NUL");
            }

            if (own.Length > jobs.Options.MaxParametersBytes)
            {
                members.Refuse("parameters", $"has {own.Length} bytes, more than {jobs.Options.MaxParametersBytes} (Jobs:MaxParametersBytes)");
            }

            return members.Wrong() ?? Answer(await jobs.Queues.EnqueueAsync(job, own, delay ?? TimeSpan.Zero, key, context.RequestAborted), job);
        }
    }

    private static IResult Answer(EnqueueResult result, JobId id) => result switch
    {
        EnqueueResult.Stored stored => Json.Of(new { stored.Item.Id, stored.Item.Due, Enqueued = true }, StatusCodes.Status202Accepted),
        EnqueueResult.KeyTaken there => Json.Ok(new { Id = there.Item, Due = (DateTimeOffset?)null, Enqueued = false }),
        _ => JobsEndpoints.NoJob(id),
    };

    private static async Task<IResult> ListAsync(JobStore jobs, RequestMemory answers, string id, bool dead, HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var limit = query.Whole("limit", DefaultLimit, 1, MaxLimit);
        var (cursor, after) = (query.Text("cursor"), 0L);
        query.Refuse("cursor", "is none of this list", unless: cursor is null || TryParse(cursor, out after));
        if ((JobsEndpoints.Missing(jobs, id, out var job) ?? query.Wrong()) is { } wrong)
        {
            return wrong;
        }

        var (items, next) = await jobs.Queues.ListAsync(job, dead, after, limit, context.RequestAborted, answers.Open(context).TryAdd);
        return Json.Page(items.Select(item => new RawJson(JobJson.Of(item))), next?.ToString(CultureInfo.InvariantCulture));
    }

    private static async Task<IResult> SettleAsync(JobStore jobs, string id, string? item, bool retry, HttpContext context)
    {
        if ((JobsEndpoints.Missing(jobs, id, out var job) ?? new QueryReader(context.Request).Wrong()) is { } wrong)
        {
            return wrong;
        }

        if (item is null)
        {
            return Json.Ok(new { Count = await jobs.Queues.SettleDeadAsync(job, null, retry, context.RequestAborted) });
        }

        return !TryParse(item, out var number) || await jobs.Queues.SettleDeadAsync(job, number, retry, context.RequestAborted) == 0
            ? Problem.NotFound($"There is no dead item {item} of {id}.")
            : retry ? TypedResults.StatusCode(StatusCodes.Status202Accepted) : TypedResults.NoContent();
    }

    private static bool TryParse(string text, out long number) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
