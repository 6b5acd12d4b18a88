using AllInOne.Core.Jobs;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Jobs;

/// <summary>
/// <c>/api/jobs/{id}/run</c> and <c>/runs</c>: starts a run, and reads the records of runs. <c>/api/runs</c> has the runs of all jobs.
/// </summary>
internal static class JobRunsEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const string Running = "running";

    public static void MapJobRuns(this IEndpointRouteBuilder api, JobStore jobs)
    {
        api.MapPost("/jobs/{id}/run", (string id, HttpContext context) => RunAsync(jobs, id, context));
        api.MapRead("/runs", (HttpContext context) => ListAsync(jobs, null, context));
        api.MapRead("/jobs/{id}/runs", (string id, HttpContext context) => ListAsync(jobs, id, context));
        api.MapRead("/jobs/{id}/runs/{run}", (string id, string run, HttpContext context) => GetAsync(jobs, id, run, context));
        api.MapPost("/jobs/{id}/runs/{run}/cancel", (string id, string run, HttpContext context) => CancelAsync(jobs, id, run, context));
    }

    private static async Task<IResult> RunAsync(JobStore jobs, string id, HttpContext context)
    {
        if ((JobsEndpoints.Missing(jobs, id, out var job) ?? new QueryReader(context.Request).Wrong()) is { } wrong)
        {
            return wrong;
        }

        switch (await jobs.Runs.StartAsync(job, context.RequestAborted))
        {
            case RunNowResult.Started { Run: var run }:
                context.Response.Headers.Location = $"/api/jobs/{job}/runs/{run.Id}";
                return Json.Of(new RawJson(JobJson.Of(run, isWhole: true)), StatusCodes.Status202Accepted);
            case RunNowResult.Waits:
                return Json.Of(new { Waits = true }, StatusCodes.Status202Accepted);
            case RunNowResult.Overlaps:
                return Problem.Of(StatusCodes.Status409Conflict, $"A run of {id} is active, and its overlap policy allows no second one.");
            default:
                return JobsEndpoints.NoJob(job);
        }
    }

    // Records outlive their job, so the records of a deleted job can still be read.
    private static async Task<IResult> ListAsync(JobStore jobs, string? id, HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var limit = query.Whole("limit", DefaultLimit, 1, MaxLimit);
        var (cursor, outcome) = (query.Text("cursor"), query.Text("outcome"));
        var before = default(RunId);
        query.Refuse("cursor", "is none of this list", unless: cursor is null || RunId.TryParse(cursor, out before));
        var known = Enum.GetValues<RunOutcome>().Where(each => JobJson.Name(each) == outcome).Cast<RunOutcome?>().SingleOrDefault();
        query.Refuse(
            "outcome", $"must be one of {Running}, {string.Join(", ", Enum.GetValues<RunOutcome>().Select(JobJson.Name))}",
            unless: outcome is null or Running || known is not null);
        var (name, job) = (id ?? query.Text("job"), default(JobId));
        var isJob = name is null || JobId.TryParse(name, out job);
        var runs = new RunQuery(name is null ? null : job, known, outcome == Running, query.Time("from"), query.Time("to"), cursor is null ? null : before);
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        if (!isJob)
        {
            return Json.Page(Array.Empty<RawJson>(), null);
        }

        var (found, next) = await jobs.Runs.ListAsync(runs, limit, context.RequestAborted, Caller.Of(context));
        return Json.Page(found.Select(run => new RawJson(JobJson.Of(run, isWhole: false))), next?.ToString());
    }

    private static async Task<IResult> GetAsync(JobStore jobs, string id, string run, HttpContext context) =>
        new QueryReader(context.Request).Wrong()
        ?? (TryParse(id, run, out var job, out var number) && await jobs.Runs.FindAsync(job, number, context.RequestAborted) is { } found
            ? Json.Ok(new RawJson(JobJson.Of(found, isWhole: true)))
            : NoRun(id, run));

    private static async Task<IResult> CancelAsync(JobStore jobs, string id, string run, HttpContext context)
    {
        if (new QueryReader(context.Request).Wrong() is { } wrong)
        {
            return wrong;
        }

        if (!TryParse(id, run, out var job, out var number))
        {
            return NoRun(id, run);
        }

        return await jobs.Runs.CancelAsync(job, number, context.RequestAborted) ? TypedResults.StatusCode(StatusCodes.Status202Accepted)
            : await jobs.Runs.FindAsync(job, number, context.RequestAborted) is null ? NoRun(id, run)
            : Problem.Of(StatusCodes.Status409Conflict, $"The run {run} of {id} does not go on.");
    }

    private static Problem NoRun(string id, string run) => Problem.NotFound($"There is no run {run} of {id}.");

    private static bool TryParse(string id, string text, out JobId job, out RunId run)
    {
        run = default;
        return JobId.TryParse(id, out job) && RunId.TryParse(text, out run);
    }
}
