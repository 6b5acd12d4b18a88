using AllInOne.Core.Backups;
using AllInOne.Core.Values;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;
using Microsoft.Net.Http.Headers;

namespace AllInOne.Server.Endpoints;

/// <summary>
/// The resource <c>/api/system/backups</c>: backups of all database files. POST answers before the backup is complete. The list shows its state, and
/// its own resource has the archive when it is complete.
/// </summary>
internal static class BackupsEndpoints
{
    public static void MapBackups(this IEndpointRouteBuilder api, Backups backups)
    {
        api.MapPost("/system/backups", (HttpContext context) => Create(backups, context));
        api.MapRead("/system/backups", (HttpRequest request) =>
            new QueryReader(request).Wrong() ?? Json.Page(backups.List().Select(Shape), next: null));
        api.MapRead("/system/backups/{name}", (string name, HttpRequest request) => Download(backups, name, request));
        api.MapDelete("/system/backups/{name}", (string name, HttpRequest request) => Delete(backups, name, request));
    }

    private static IResult Create(Backups backups, HttpContext context)
    {
        if (new QueryReader(context.Request).Wrong() is { } wrong)
        {
            return wrong;
        }

        var (run, begun) = backups.Begin();
        if (!begun)
        {
            return BeingMade(run.Name);
        }

        context.Response.Headers.Location = $"/api/system/backups/{run.Name}";
        return Json.Of(Shape(new BackupSnapshot(run.Name, BackupState.Running)), StatusCodes.Status202Accepted);
    }

    private static IResult Download(Backups backups, string text, HttpRequest request)
    {
        if (Refusal(backups, text, request, out var name) is { } refusal)
        {
            return refusal;
        }

        return backups.Open(name) is { } archive
            ? TypedResults.File(
                archive, "application/zip", name.ToString(), name.Time, new EntityTagHeaderValue($"\"{name.Time.ToUnixTimeMilliseconds()}\""),
                enableRangeProcessing: true)
            : NoBackup(name);
    }

    private static IResult Delete(Backups backups, string text, HttpRequest request)
    {
        if (Refusal(backups, text, request, out var name) is { } refusal)
        {
            return refusal;
        }

        return backups.Delete(name) ? TypedResults.NoContent() : NoBackup(name);
    }

    private static Problem? Refusal(Backups backups, string text, HttpRequest request, out BackupName name)
    {
        if (!BackupName.TryParse(text, out name))
        {
            return Problem.BadRequest($"'{Excerpt.Of(text)}' is no name of a backup, such as {BackupName.At(DateTimeOffset.UnixEpoch)}.");
        }

        return new QueryReader(request).Wrong() ?? backups.FindAttempt(name) switch
        {
            { State: BackupState.Running } => BeingMade(name),
            { Error: { } error } => Problem.NotFound($"The backup {name} has failed: {error}."),
            _ => null,
        };
    }

    private static Problem BeingMade(BackupName name) =>
        Problem.Of(StatusCodes.Status409Conflict, $"The backup {name} is being made; one at a time.");

    private static Problem NoBackup(BackupName name) => Problem.NotFound($"There is no backup {name}.");

    private static object Shape(BackupSnapshot backup) => new
    {
        Name = backup.Name.ToString(),
        backup.Time,
        backup.Bytes,
        Files = backup.Files ?? [],
        State = backup.State.ToString().ToLowerInvariant(),
        backup.Error,
    };
}
