using System.Runtime.InteropServices;
using System.Text.Json;
using AllInOne.Core.State;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.State;

/// <summary>
/// The request <c>POST /api/state</c>: <c>{operations: [{op, key, …}]}</c> on keys with the same <c>{tag}</c>, all or none. An operation has the
/// arguments of its own resource, and <c>version</c>: the version that the key must have, 0 if the key must not exist.
/// </summary>
internal static class StateTogether
{
    private enum Op
    {
        Put,
        Delete,
        Check,
        Increment,
        Push,
        Pop,
        Add,
        Remove,
        Merge,
        Touch,
    }

    public static async Task<IResult> PostAsync(StateStore state, HttpRequest request)
    {
        var query = new QueryReader(request);
        var durable = query.Flag("durable");
        if (query.Wrong() is { } wrong)
        {
            return wrong;
        }

        var (json, unreadable) = await JsonBody.ReadAsync(request, state.Options.MaxDepth + 3);
        using (json)
        {
            if (unreadable is not null)
            {
                return unreadable;
            }

            var (operations, bad) = Read(json!.RootElement, state.Options);
            if (bad is not null)
            {
                return bad;
            }

            if (state.WhyNotTogether([.. operations.Select(operation => operation.Key)]) is { } reason)
            {
                return Problem.Of(StatusCodes.Status422UnprocessableEntity, $"These cannot be done as one: {reason}.");
            }

            return Of(operations, await state.ApplyAsync(operations, durable));
        }
    }

    private static IResult Of(IReadOnlyList<StateOperation> operations, IReadOnlyList<StateResult> results)
    {
        if (results.All(result => result.IsDone))
        {
            return Json.Page(results.Select((result, n) => Shown(operations[n].Key, result)), null);
        }

        // The first operation that has failed for its own reason, and not because another one has failed.
        var (operation, failed) = operations.Zip(results).First(one => !one.Second.IsDone
            && (one.Second.Outcome != StateOutcome.ConditionFailed || one.First.Condition?.Holds(one.Second.Item?.Version) == false));
        return failed.Outcome switch
        {
            StateOutcome.ConditionFailed => Problem.Of(
                StatusCodes.Status412PreconditionFailed, $"{operation.Key} does not have the required version; nothing was changed."),
            StateOutcome.Full => Problem.Of(StatusCodes.Status507InsufficientStorage, "There is no memory left (State:MaxBytes); nothing was changed."),
            _ => StateResults.NotDone(failed, operation.Key),
        };
    }

    private static object Shown(StateKey key, StateResult result) => new
    {
        Key = key.Value,
        Value = result.Item is { } item ? new RawJson(item.Json) : (RawJson?)null,
        result.Item?.Version,
        result.Item?.Expires,
        Taken = result.Taken.IsEmpty ? (RawJson?)null : new RawJson(result.Taken),
    };

    private static (IReadOnlyList<StateOperation> Operations, Problem? Wrong) Read(JsonElement json, StateOptions options)
    {
        var members = new JsonMembers(json);
        var given = members.Array("operations");
        if (members.Wrong() is { } bad)
        {
            return ([], bad);
        }

        if (given is not { Count: > 0 } || given.Count > options.MaxKeysAtOnce)
        {
            return ([], Problem.Of(StatusCodes.Status422UnprocessableEntity, $"There are {given?.Count ?? 0} operations; it takes 1 to {options.MaxKeysAtOnce}."));
        }

        var operations = new List<StateOperation>();
        foreach (var one in given)
        {
            var parts = new JsonMembers(one);
            var operation = Operation(parts, options);
            if (parts.Wrong() is { } wrong)
            {
                return ([], Problem.Of(wrong.Status, $"operations[{operations.Count}]: {wrong.Detail}"));
            }

            operations.Add(operation);
        }

        return (operations, null);
    }

    private static StateOperation Operation(JsonMembers members, StateOptions options)
    {
        var op = members.OneOf<Op>("op", needed: true) ?? default;
        var text = members.Text("key", StateKey.MaxLength, allowsNul: true);
        var version = members.Whole("version", 0, long.MaxValue, otherwise: -1);
        var condition = version switch
        {
            < 0 => null,
            0 => new VersionCondition(null, new VersionSet(true, [])),
            _ => new VersionCondition(new VersionSet(false, [version]), null),
        };
        if (!(op is Op.Delete or Op.Check ? StateKey.TryParseStored(text, out var key) : StateKey.TryParse(text, out key)))
        {
            members.Refuse("key", StateKey.Rule);
        }

        return op switch
        {
            Op.Put => StateOperation.Put(key, Value(members, "value", options), StateBody.Ttl(members), condition),
            Op.Delete => StateOperation.Delete(key, condition),
            Op.Check => StateOperation.Check(key, condition ?? Missing(members)),
            Op.Increment => StateValueEndpoints.Increment(key, members, condition),
            Op.Push => StateOperation.Push(key, StateBody.Values(members, "value", "values", options), StateBody.Ttl(members), condition),
            Op.Pop => StateOperation.Pop(key, members.Flag("last"), condition),
            Op.Add => StateOperation.Add(key, StateBody.Values(members, "member", "members", options), StateBody.Ttl(members), condition),
            Op.Remove => StateOperation.Remove(key, StateBody.Values(members, "member", "members", options), condition),
            Op.Merge => StateOperation.Merge(key, Value(members, "value", options).ToArray(), StateBody.Ttl(members), condition),
            _ => StateOperation.Touch(key, StateBody.Ttl(members), condition),
        };
    }

    /// <summary>A check without a condition would always hold, so it is refused.</summary>
    private static VersionCondition Missing(JsonMembers members)
    {
        members.Refuse("version", "is missing");
        return VersionCondition.None;
    }

    private static ReadOnlySpan<byte> Value(JsonMembers members, string name, StateOptions options)
    {
        var value = members.Any(name);
        if (value.ValueKind == JsonValueKind.Undefined)
        {
            members.Refuse(name, "is missing");
            return default;
        }

        var json = JsonMarshal.GetRawUtf8Value(value);
        if (StateJson.Check(json, options) is { } wrong)
        {
            members.Refuse(name, wrong);
        }

        return json;
    }
}
