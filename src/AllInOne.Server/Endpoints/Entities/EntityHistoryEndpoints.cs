using AllInOne.Core.Entities;
using AllInOne.Core.Events.History;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Entities;

/// <summary>
/// The resource <c>/api/entities/{id}/history</c>: the committed changes of one entity, oldest first, in pages. With <c>resolution</c> it has the
/// minimum, mean, maximum and count of the numbers in each step of that many seconds.
/// </summary>
internal static class EntityHistoryEndpoints
{
    private const int DefaultLimit = 500;
    private const int MaxLimit = 1000;

    /// <summary>A year, in seconds.</summary>
    private const int MaxResolution = 366 * 24 * 60 * 60;

    public static void MapEntityHistory(this IEndpointRouteBuilder api, EntityDirectory entities, HistoryStore history)
    {
        var answers = api.ServiceProvider.GetRequiredService<RequestMemory>();
        api.MapRead("/entities/{id}/history", (string id, HttpContext context) => ReadAsync(entities, history, answers, id, context));
    }

    private static async Task<IResult> ReadAsync(
        EntityDirectory entities, HistoryStore history, RequestMemory answers, string id, HttpContext context)
    {
        if (!EntityId.TryParse(id, out var entityId))
        {
            return EntitiesEndpoints.BadId(id);
        }

        var query = new QueryReader(context.Request);
        var (from, to, cursor) = (query.Time("from"), query.Time("to"), query.Text("cursor"));
        var limit = query.Whole("limit", DefaultLimit, 1, MaxLimit);
        var resolution = query.Whole("resolution", 0, 1, MaxResolution);
        query.Refuse("to", "is before from", unless: !(to < from));
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        try
        {
            if (resolution > 0)
            {
                var steps = await history.ReadStepsAsync(
                    entityId, from, to, TimeSpan.FromSeconds(resolution), limit, cursor, context.RequestAborted, Caller.Of(context));
                return Answer(entities, entityId, steps.Items, steps.Next);
            }

            var page = await history.ReadHistoryAsync(entityId, from, to, limit, cursor, context.RequestAborted, answers.Open(context).TryAdd);
            return Answer(entities, entityId, page.Items.Select(Shown).ToList(), page.Next);
        }
        catch (FormatException)
        {
            return Problem.BadRequest("cursor: is none of this list");
        }
    }

    /// <summary>The page; 404 if the entity does not exist and has no events. A deleted entity still has its history.</summary>
    private static IResult Answer<T>(EntityDirectory entities, EntityId id, IReadOnlyList<T> items, string? next) =>
        items.Count == 0 && next is null && entities.Find(id) is null ? EntitiesEndpoints.NoEntity(id) : Json.Page(items, next);

    /// <summary>The event as the event log publishes it, with the version and the state beside its data.</summary>
    private static object Shown(HistoryItem item) => new
    {
        item.Seq, item.Time, item.Topic, item.Type, item.Version, State = item.State ?? JsonText.Null, Data = new RawJson(item.Data),
    };
}
