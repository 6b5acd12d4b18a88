using AllInOne.Core.State;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.State;

/// <summary>
/// The resources <c>/api/state/{key}/…</c>: changes that depend on the current value, such as those of counters, lists, sets and times to live. The
/// shard of the key decides them. Each takes its arguments as an object, the conditions of PUT, and <c>durable=true</c>.
/// </summary>
internal static class StateValueEndpoints
{
    public static void MapStateValues(this IEndpointRouteBuilder api, StateStore state)
    {
        var options = state.Options;
        Map(
            "increment",
            static (key, members, condition) => Increment(key, members, condition),
            static result => StateResults.Counted(result.Item!));
        Map(
            "push",
            (key, members, condition) => StateOperation.Push(key, StateBody.Values(members, "value", "values", options), StateBody.Ttl(members), condition),
            static result => Json.Ok(new { Length = result.Count, result.Item!.Version }));
        Map(
            "add",
            (key, members, condition) => StateOperation.Add(key, StateBody.Values(members, "member", "members", options), StateBody.Ttl(members), condition),
            static result => Json.Ok(new { Added = result.Count, result.Item!.Version }));
        Map(
            "remove",
            (key, members, condition) => StateOperation.Remove(key, StateBody.Values(members, "member", "members", options), condition),
            static result => Json.Ok(new { Removed = result.Count, result.Item?.Version }));
        Map(
            "touch",
            static (key, members, condition) => StateOperation.Touch(key, StateBody.Ttl(members), condition),
            static result => Json.Ok(new { result.Item!.Version, result.Item.Expires }));

        void Map(string verb, Func<StateKey, JsonMembers, VersionCondition, StateOperation> read, Func<StateResult, IResult> shape) =>
            api.MapPost($"/state/{{key}}/{verb}", (string key, HttpContext context) =>
                StateBody.AnswerAsync(state, key, context, (valid, members, durable) => ApplyAsync(state, valid, context, members, durable, read, shape)));
    }

    internal static StateOperation Increment(StateKey key, JsonMembers members, VersionCondition? condition = null) =>
        StateOperation.Increment(key, members.Exact("by", 1), members.Exact("initial", 0), StateBody.Ttl(members), condition);

    private static async Task<IResult> ApplyAsync(
        StateStore state,
        StateKey key,
        HttpContext context,
        JsonMembers members,
        bool durable,
        Func<StateKey, JsonMembers, VersionCondition, StateOperation> read,
        Func<StateResult, IResult> shape)
    {
        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        var operation = read(key, members, condition);
        if ((members.Wrong() ?? unclear) is { } bad)
        {
            return bad;
        }

        var result = await state.ApplyAsync(operation, durable);
        if (!result.IsDone)
        {
            return StateResults.NotDone(result, key);
        }

        if (result.Item is { } item)
        {
            StateResults.Head(item, context.Response);
        }

        return shape(result);
    }
}
