using AllInOne.Core;
using AllInOne.Core.Inspection;
using AllInOne.Core.Live;
using AllInOne.Core.Values;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Actors;

/// <summary>
/// The resource <c>/api/system/actors</c>: the running tree, and the restart and the stop of one actor. The answer 202 comes before the action,
/// because the actor may be the web host that answers.
/// </summary>
internal static class ActorsEndpoints
{
    private const string Top = "/user";
    private const string RuntimesTop = "/system";
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const int MaxDepth = 16;
    internal const int MaxPathLength = 1024;
    internal const string NoPath = "must be that of an actor, such as /user/load: it begins with a slash, and a name follows each slash";

    public static void MapActors(this IEndpointRouteBuilder api, SystemTree tree)
    {
        api.MapRead("/system/actors", (HttpRequest request) => List(tree, request));
        api.MapPost("/system/actors/restart", (HttpContext context) => Act(context, tree, tree.Restart));
        api.MapPost("/system/actors/stop", (HttpContext context) => Act(context, tree, tree.Stop));
    }

    private static IResult List(SystemTree tree, HttpRequest request)
    {
        var inspection = tree.Inspection;
        var query = new QueryReader(request);
        var root = query.Text("path", MaxPathLength) ?? Top;
        var depth = query.Whole("depth", 1, 0, MaxDepth);
        var limit = query.Whole("limit", DefaultLimit, 1, MaxLimit);
        var after = query.Text("cursor", MaxPathLength);
        query.Refuse("path", NoPath, unless: IsPath(root));
        query.Refuse("cursor", "is none of this list", unless: after is null || ActorTreeWalk.IsWithin(root, after));
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        if (inspection.Find(root) is null)
        {
            return NoActor(root);
        }

        // One more than the limit, to see whether there is a next page.
        var found = new ActorTreeWalk(inspection, limit + 1).From(root, depth, after).Take(limit + 1).ToList();
        return Json.Page(found.Take(limit).Select(actor => actor with { Detail = DetailOf(actor, tree) }), found.Count > limit ? found[limit - 1].Path : null);
    }

    private static LiveFigures? DetailOf(ActorSnapshot actor, SystemTree tree) =>
        actor.Path == $"{Top}/{LiveModule.Name}" ? tree.Live.Figures : null;

    private static IResult Act(HttpContext context, SystemTree tree, Func<string, bool> act)
    {
        var query = new QueryReader(context.Request);
        var path = query.Text("path", MaxPathLength) ?? "";
        query.Refuse("path", NoPath, unless: IsPath(path));
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        if (IsRuntimes(path))
        {
            return Problem.Of(
                StatusCodes.Status409Conflict, $"{Excerpt.Of(path, 256)} belongs to the actor runtime; only actors below {Top} are restarted or stopped.");
        }

        if (tree.Inspection.Find(path) is not null)
        {
            context.Response.OnCompleted(() => Task.FromResult(act(path)));
        }
        else if (!act(path))
        {
            // An actor that does not exist is not the web host, so the answer can wait for the action. A stopped part may be started again.
            return NoActor(path);
        }

        return Json.Of(new { Path = path }, StatusCodes.Status202Accepted);
    }

    /// <summary>
    /// Whether the text is the path of an actor: names after single slashes, or the root. A name has no <c>#</c>, because Akka.NET parses an
    /// incarnation after it.
    /// </summary>
    internal static bool IsPath(string path) =>
        path is "/" || (path.StartsWith('/') && !path.EndsWith('/') && !path.Contains("//", StringComparison.Ordinal) && !path.Contains('#'));

    /// <summary>The root actors of the tree, and Akka.NET's own actors.</summary>
    private static bool IsRuntimes(string path) =>
        path is "/" or Top or RuntimesTop || path.StartsWith(RuntimesTop + "/", StringComparison.Ordinal);

    internal static Problem NoActor(string path) => Problem.NotFound($"There is no actor {Excerpt.Of(path, 256)}.");
}
