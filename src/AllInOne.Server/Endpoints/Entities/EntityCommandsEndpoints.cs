using AllInOne.Core.Entities;
using AllInOne.Core.Entities.Commands;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Entities;

/// <summary>
/// The resource <c>/api/entities/{id}/commands</c>: sends a command to a device, or to a virtual entity. The answer comes after the commit of the
/// event and of the new state.
/// </summary>
internal static class EntityCommandsEndpoints
{
    public static void MapEntityCommands(this IEndpointRouteBuilder api, EntityDirectory entities) =>
        api.MapPost("/entities/{id}/commands", (string id, HttpContext context) => SendAsync(entities, id, context));

    private static async Task<IResult> SendAsync(EntityDirectory entities, string id, HttpContext context)
    {
        if (EntitiesEndpoints.Unfit(id, context, out var entityId) is { } unfit)
        {
            return unfit;
        }

        // Check this before the body. While the entities are restored, the answer is 503 at once, and the caller can repeat the request.
        if (entities.Find(entityId) is null)
        {
            return EntitiesEndpoints.NoEntity(entityId);
        }

        var (document, unreadable) = await JsonBody.ReadAsync(context.Request);
        using (document)
        {
            if (unreadable is not null)
            {
                return unreadable;
            }

            var members = new JsonMembers(document!.RootElement);
            var (name, parameters) = (members.Text("command", EntityCommand.MaxNameLength, needed: true) ?? "", members.FreeObject("parameters"));
            if (members.Wrong() is { } wrong)
            {
                return wrong;
            }

            var command = new EntityCommand(name, parameters is { } given ? JsonText.From(given) : EntityCommand.NoParameters);
            return Answer(await entities.CommandAsync(entityId, command, context.RequestAborted), entityId, command);
        }
    }

    private static IResult Answer(CommandResult result, EntityId id, EntityCommand command) => result switch
    {
        CommandResult.Accepted accepted =>
            Json.Of(new { Id = id, Command = command.Name, command.Parameters, accepted.Time }, StatusCodes.Status202Accepted),
        CommandResult.Wrong wrong => Problem.Unprocessable(new Dictionary<string, string[]> { [wrong.Member] = [wrong.Reason] }),
        _ => EntitiesEndpoints.NoEntity(id),
    };
}
