using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Values;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Jobs;

/// <summary><c>/api/jobs</c>: the definitions of the jobs. The version of a definition is its ETag.</summary>
internal static class JobsEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const int MostTimes = 1000;

    public static void MapJobs(this IEndpointRouteBuilder api, JobStore jobs)
    {
        const string One = "/jobs/{id}";
        api.MapRead("/jobs", (HttpRequest request) => List(jobs, request));
        api.MapPost("/jobs/pause", (HttpRequest request) => PauseManyAsync(jobs, request, paused: true));
        api.MapPost("/jobs/resume", (HttpRequest request) => PauseManyAsync(jobs, request, paused: false));
        api.MapRead(One, (string id, HttpContext context) => Get(jobs, id, context));
        api.MapPut(One, (string id, HttpContext context) => PutAsync(jobs, id, context));
        api.MapDelete(One, (string id, HttpContext context) => DeleteAsync(jobs, id, context));
        api.MapPost("/jobs/{id}/pause", (string id, HttpContext context) => PauseOneAsync(jobs, id, context, true));
        api.MapPost("/jobs/{id}/resume", (string id, HttpContext context) => PauseOneAsync(jobs, id, context, false));
        api.MapRead("/jobs/{id}/next", (string id, HttpRequest request) => Next(jobs, id, request));
    }

    /// <summary>Reads the id of a job that exists. Returns the problem if it is no id or if the job does not exist.</summary>
    internal static Problem? Missing(JobStore jobs, string text, out JobId id) =>
        !JobId.TryParse(text, out id) ? NoId(text)
        : jobs.Definitions.Find(id) is null ? NoJob(id)
        : null;

    internal static Problem NoJob(JobId id) => Problem.NotFound($"There is no job {id}.");

    private static Problem NoId(string text) => Problem.BadRequest($"'{Excerpt.Of(text)}' is no id of a job: it is {JobId.Rule}.");

    private static IResult List(JobStore jobs, HttpRequest request)
    {
        var query = new QueryReader(request);
        var limit = query.Whole("limit", DefaultLimit, 1, MaxLimit);
        var (cursor, tag, after) = (query.Text("cursor"), query.Text("tag"), default(JobId));
        query.Refuse("cursor", "is none of this list", unless: cursor is null || JobId.TryParse(cursor, out after));
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        var found = jobs.Definitions.All
            .Where(job => job.Id > after && (tag is null || job.Definition.Tags.Contains(tag)))
            .Take(limit + 1).ToList();
        return Json.Page(found.Take(limit).Select(job => Shown(jobs, job)), found.Count > limit ? found[limit - 1].Id.Value : null);
    }

    private static IResult Get(JobStore jobs, string id, HttpContext context)
    {
        if ((Missing(jobs, id, out var found) ?? new QueryReader(context.Request).Wrong()) is { } wrong)
        {
            return wrong;
        }

        if (jobs.Definitions.Find(found) is not { } job)
        {
            return NoJob(found);
        }

        var tag = EntityTags.Of(job.Version);
        context.Response.Headers.ETag = tag.ToString();
        return EntityTags.Match(context.Request, tag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : Json.Ok(Shown(jobs, job));
    }

    private static async Task<IResult> PutAsync(JobStore jobs, string id, HttpContext context)
    {
        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        if (!JobId.TryParse(id, out var job) || unclear is not null)
        {
            return unclear ?? NoId(id);
        }

        if (new QueryReader(context.Request).Wrong() is { } wrong)
        {
            return wrong;
        }

        var (json, unreadable) = await JsonBody.ReadAsync(context.Request);
        using (json)
        {
            if (unreadable is not null)
            {
                return unreadable;
            }

            var (definition, errors) = JobDefinitionJson.Read(json!.RootElement);
            return definition is null
                ? Problem.Unprocessable(errors)
                : Answer(await jobs.Definitions.PutAsync(job, definition, condition, context.RequestAborted), jobs, job, context);
        }
    }

    private static async Task<IResult> DeleteAsync(JobStore jobs, string id, HttpContext context)
    {
        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        var missing = Missing(jobs, id, out var job);
        if ((unclear ?? missing ?? new QueryReader(context.Request).Wrong()) is { } wrong)
        {
            return wrong;
        }

        var result = await jobs.Definitions.DeleteAsync(job, condition, context.RequestAborted);
        return result is JobResult.Done ? TypedResults.NoContent() : NotDone(result, jobs, job);
    }

    private static async Task<IResult> PauseOneAsync(JobStore jobs, string id, HttpContext context, bool paused)
    {
        if ((Missing(jobs, id, out var found) ?? new QueryReader(context.Request).Wrong()) is { } wrong)
        {
            return wrong;
        }

        await jobs.Definitions.PauseAsync([found], paused, context.RequestAborted);
        return jobs.Definitions.Find(found) is { } job ? Json.Ok(Shown(jobs, job)) : NoJob(found);
    }

    private static async Task<IResult> PauseManyAsync(JobStore jobs, HttpRequest request, bool paused)
    {
        var query = new QueryReader(request);
        var tag = query.Text("tag");
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        var ids = jobs.Definitions.All.Where(job => tag is null || job.Definition.Tags.Contains(tag)).Select(job => job.Id).ToList();
        return Json.Ok(new { Changed = (await jobs.Definitions.PauseAsync(ids, paused, request.HttpContext.RequestAborted)).Count });
    }

    private static IResult Next(JobStore jobs, string id, HttpRequest request)
    {
        var query = new QueryReader(request);
        var count = query.Whole("count", 10, 1, MostTimes);
        return Missing(jobs, id, out var job) ?? query.Wrong() ?? Json.Page(jobs.Definitions.Find(job)?.Next(jobs.Now, count) ?? [], null);
    }

    private static IResult Answer(JobResult result, JobStore jobs, JobId id, HttpContext context)
    {
        if (result is JobResult.Refused { Errors: var errors })
        {
            return Problem.Unprocessable(errors);
        }

        if (result is not JobResult.Done done)
        {
            return NotDone(result, jobs, id);
        }

        context.Response.Headers.ETag = EntityTags.Of(done.Job.Version).ToString();
        if (done.Created)
        {
            context.Response.Headers.Location = $"/api/jobs/{id}";
        }

        return Json.Of(Shown(jobs, done.Job), done.Created ? StatusCodes.Status201Created : StatusCodes.Status200OK);
    }

    private static Problem NotDone(JobResult result, JobStore jobs, JobId id) => result switch
    {
        JobResult.ConditionFailed => EntityTags.Failed(),
        JobResult.BuiltIn => Problem.Of(StatusCodes.Status409Conflict, $"The job {id} comes from the configuration; it can be paused, not changed."),
        JobResult.TooMany => Problem.Of(StatusCodes.Status409Conflict, $"There are {jobs.Options.MaxJobs} jobs, and no more may be made (Jobs:MaxJobs)."),
        _ => NoJob(id),
    };

    private static RawJson Shown(JobStore jobs, Job job) => new(JobJson.Of(job, jobs.CountersOf(job.Id), jobs.Now));
}
