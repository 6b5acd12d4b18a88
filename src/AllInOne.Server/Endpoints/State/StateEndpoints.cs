using System.Runtime.InteropServices;
using System.Text.Json;
using AllInOne.Core.State;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.State;

/// <summary>
/// The resource <c>/api/state</c>: one server-wide key, or a list. The body is the value itself, and its version is the ETag.
/// </summary>
internal static class StateEndpoints
{
    private const int DefaultLimit = 100;
    private const int MaxLimit = 1000;
    private const string MergePatch = "application/merge-patch+json";

    public static void MapState(this IEndpointRouteBuilder api, StateStore state)
    {
        const string One = "/state/{key}";
        var answers = api.ServiceProvider.GetRequiredService<RequestMemory>();
        api.MapRead("/state", (HttpContext context) => ListAsync(state, answers, context));
        api.MapPost("/state", (HttpRequest request) => StateTogether.PostAsync(state, request));
        api.MapRead(One, (string key, HttpContext context) => GetAsync(state, key, context));
        api.MapPut(One, (string key, HttpContext context) => PutAsync(state, key, context));
        api.MapPatch(One, (string key, HttpContext context) => PatchAsync(state, key, context));
        api.MapDelete(One, (string key, HttpContext context) => DeleteAsync(state, key, context));
    }

    private static async Task<IResult> ListAsync(StateStore state, RequestMemory answers, HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var keys = query.Many("key");
        if (keys.Count > 0)
        {
            query.Refuse("key", $"is given {keys.Count} times, more than {state.Options.MaxKeysAtOnce}", unless: keys.Count <= state.Options.MaxKeysAtOnce);
            var parsed = keys.Select(key => StateKey.TryParseStored(key, out var one) ? one : default).ToArray();
            query.Refuse("key", StateKey.Rule, unless: !parsed.Contains(default));
            return query.Wrong() ?? StateResults.Page([.. (await state.FindManyAsync(parsed)).OfType<StateItem>()], null, answers.Open(context));
        }

        var limit = query.Whole("limit", DefaultLimit, 1, MaxLimit);
        var (prefix, cursor) = (query.Text("prefix", StateKey.MaxLength) ?? "", query.Text("cursor", StateKey.MaxLength));
        query.Refuse("prefix", StateKey.Rule, unless: prefix.Length == 0 || StateKey.TryParseStored(prefix, out _));
        query.Refuse("cursor", "is none of this list", unless: cursor is null || StateKey.TryParseStored(cursor, out _));
        if (query.Wrong() is { } bad)
        {
            return bad;
        }

        var (items, next) = state.List(prefix, cursor, limit, context.RequestAborted);
        return StateResults.Page(items, next, answers.Open(context));
    }

    /// <summary>Reads one value. It does as little as possible, because clients use it like a cache.</summary>
    private static Task GetAsync(StateStore state, string path, HttpContext context)
    {
        if (Refusal(path, context, out var key) is { } wrong)
        {
            return wrong.ExecuteAsync(context);
        }

        if (state.Find(key) is not { } item)
        {
            return StateResults.None(key).ExecuteAsync(context);
        }

        return StateResults.WriteAsync(item, context);
    }

    private static Task<IResult> PutAsync(StateStore state, string path, HttpContext context) => ChangeAsync(
        state, path, context, null, (key, value, ttl, condition) =>
        {
            var json = JsonMarshal.GetRawUtf8Value(value);
            return json.Length > state.Options.MaxValueBytes
                ? (null, Problem.Of(StatusCodes.Status413PayloadTooLarge, $"The value has {json.Length} bytes, more than {state.Options.MaxValueBytes} (State:MaxValueBytes)."))
                : (StateOperation.Put(key, json, ttl, condition), null);
        });

    private static Task<IResult> PatchAsync(StateStore state, string path, HttpContext context) => ChangeAsync(
        state, path, context, MergePatch, (key, patch, ttl, condition) =>
            (StateOperation.Merge(key, StateBody.Copy(patch), ttl, condition), null));

    /// <summary>Reads the parameters and the body of a change of one value, and applies it.</summary>
    private static async Task<IResult> ChangeAsync(
        StateStore state, string path, HttpContext context, string? orType,
        Func<StateKey, JsonElement, TimeSpan?, VersionCondition, (StateOperation? Operation, Problem? Wrong)> change)
    {
        var query = new QueryReader(context.Request);
        var ttl = StateResults.Ttl(query);
        var durable = query.Flag("durable");
        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        if ((ReadKey(path, out var key) ?? query.Wrong() ?? unclear) is { } wrong)
        {
            return wrong;
        }

        var (json, unreadable) = await JsonBody.ReadAsync(context.Request, state.Options.MaxDepth, orType);
        using (json)
        {
            if (unreadable is not null)
            {
                return unreadable;
            }

            var (operation, refused) = change(key, json!.RootElement, ttl, condition);
            return refused is not null ? refused : await ApplyAsync(state, operation!, durable, context);
        }
    }

    private static async Task<IResult> DeleteAsync(StateStore state, string path, HttpContext context)
    {
        var query = new QueryReader(context.Request);
        var durable = query.Flag("durable");
        var (condition, unclear) = EntityTags.ConditionOf(context.Request);
        return ReadKey(path, out var key) ?? query.Wrong() ?? unclear
            ?? await ApplyAsync(state, StateOperation.Delete(key, condition), durable, context);
    }

    internal static async Task<IResult> ApplyAsync(StateStore state, StateOperation operation, bool durable, HttpContext context)
    {
        var result = await state.ApplyAsync(operation, durable);
        return result.IsDone ? StateResults.Done(result, operation.Key, context) : StateResults.NotDone(result, operation.Key);
    }

    /// <summary>Reads the key in a path; returns the problem when it is not valid.</summary>
    internal static Problem? ReadKey(string text, out StateKey key) =>
        StateKey.TryParse(text, out key) ? null : Problem.BadRequest($"'{Excerpt.Of(text)}' is no key: {StateKey.Rule}.");

    /// <summary>Reads the key in the path of a request without parameters. Returns the problem; null if the request is valid.</summary>
    internal static Problem? Refusal(string text, HttpContext context, out StateKey key) =>
        ReadKey(text, out key) ?? (context.Request.QueryString.HasValue ? new QueryReader(context.Request).Wrong() : null);
}
