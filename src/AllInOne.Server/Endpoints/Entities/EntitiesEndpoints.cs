using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Snapshots;
using AllInOne.Core.Values;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Entities;

/// <summary>The resource <c>/api/entities</c>: one entity, or a list. A write is answered after its commit.</summary>
internal static class EntitiesEndpoints
{
    public static void MapEntities(this IEndpointRouteBuilder api, EntityDirectory entities)
    {
        api.MapRead("/entities", (HttpRequest request) => List(entities, request));
        api.MapRead("/entities/{id}", (string id, HttpContext context) => Get(entities, id, context));
        api.MapPut("/entities/{id}", (string id, HttpContext context) => PutAsync(entities, id, context));
        api.MapDelete("/entities/{id}", (string id, HttpContext context) => DeleteAsync(entities, id, context));
    }

    /// <summary>The answer to an invalid id.</summary>
    internal static Problem BadId(string id) =>
        Problem.BadRequest($"'{Excerpt.Of(id)}' is no entity id: it is domain.object_id, such as sensor.kitchen_temperature.");

    internal static Problem NoEntity(EntityId id) => Problem.NotFound($"There is no entity {id}.");

    private static IResult List(EntityDirectory entities, HttpRequest request)
    {
        var query = new QueryReader(request);
        var (area, domain, text) = (query.Text("area"), query.Text("domain"), query.Text("q"));
        var limit = query.Whole("limit", EntityQuery.DefaultLimit, 1, EntityQuery.MaxLimit);
        EntityId? cursor = null;
        if (query.Text("cursor") is { } after)
        {
            cursor = EntityId.TryParse(after, out var id) ? id : null;
            query.Refuse("cursor", "is none of this list", unless: cursor is not null);
        }

        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        var page = entities.List(new EntityQuery(area, domain, text, limit, cursor));
        return Json.Page(page.Items, page.Next);
    }

    private static IResult Get(EntityDirectory entities, string id, HttpContext context)
    {
        if (Unfit(id, context, out var entityId) is { } unfit)
        {
            return unfit;
        }

        return entities.Find(entityId) is { } entity ? Answer(entity, context) : NoEntity(entityId);
    }

    /// <summary>Reads the id of an entity and refuses parameters. Returns the problem; null if the request is valid.</summary>
    internal static Problem? Unfit(string id, HttpContext context, out EntityId entityId) =>
        EntityId.TryParse(id, out entityId) ? QueryReader.None(context.Request) : BadId(id);

    private static IResult Answer(EntitySnapshot entity, HttpContext context)
    {
        var tag = EntityTags.Of(entity.Version);
        context.Response.Headers.ETag = tag.ToString();
        // The browser may keep the answer, but must revalidate it.
        context.Response.Headers.CacheControl = "no-cache";
        return EntityTags.Match(context.Request, tag) ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : Json.Ok(entity);
    }

    private static async Task<IResult> PutAsync(EntityDirectory entities, string id, HttpContext context)
    {
        if (Unfit(id, context, out var entityId) is { } unfit)
        {
            return unfit;
        }

        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        if (unclear is not null)
        {
            return unclear;
        }

        var (document, unreadable) = await JsonBody.ReadAsync(context.Request);
        using (document)
        {
            if (unreadable is not null)
            {
                return unreadable;
            }

            var (replacement, wrong) = EntityBody.Read(document!.RootElement, entities, entityId);
            if (wrong is not null)
            {
                return wrong;
            }

            var (put, fault) = await entities.PutIfAsync(entityId, replacement!, condition, context.RequestAborted);
            return fault is null ? Stored(put, context) : Problem.Unprocessable([KeyValuePair.Create(fault.Member, new[] { fault.Reason })]);
        }
    }

    private static IResult Stored(PutResult? put, HttpContext context)
    {
        if (put is null)
        {
            return EntityTags.Failed();
        }

        context.Response.Headers.ETag = EntityTags.Of(put.Snapshot.Version).ToString();
        if (!put.Created)
        {
            return Json.Ok(put.Snapshot);
        }

        context.Response.Headers.Location = $"/api/entities/{put.Snapshot.Id}";
        return Json.Of(put.Snapshot, StatusCodes.Status201Created);
    }

    private static async Task<IResult> DeleteAsync(EntityDirectory entities, string id, HttpContext context)
    {
        if (Unfit(id, context, out var entityId) is { } unfit)
        {
            return unfit;
        }

        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        if (unclear is not null)
        {
            return unclear;
        }

        return await entities.DeleteIfAsync(entityId, condition, context.RequestAborted) switch
        {
            true => TypedResults.NoContent(),
            false => NoEntity(entityId),
            null => EntityTags.Failed(),
        };
    }
}
