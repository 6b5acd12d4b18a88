using AllInOne.Core.State;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.State;

/// <summary>
/// The resources that may wait: <c>/api/state/{key}/pop</c> for an element of a list, <c>/api/state/{key}/lock</c> for a lock. The wait ends when the
/// caller disconnects or the web host stops.
/// </summary>
internal static class StateWaitEndpoints
{
    private const int TokenLength = 128;

    private static readonly TimeSpan DefaultTtl = TimeSpan.FromSeconds(30);

    public static void MapStateWaits(this IEndpointRouteBuilder api, StateStore state, CancellationToken ending)
    {
        const string Lock = "/state/{key}/lock";
        Map("/state/{key}/pop", (key, context, members, durable) => PopAsync(state, key, members, durable, context.RequestAborted, ending));
        api.MapRead(Lock, (string key, HttpContext context) => StateEndpoints.Refusal(key, context, out var held) ?? Held(state, held));
        Map(Lock, (key, context, members, _) => LockAsync(state, key, members, context.RequestAborted, ending));
        Map($"{Lock}/renew", (key, _, members, _) => RenewAsync(state, key, members));
        Map($"{Lock}/release", (key, _, members, _) => ReleaseAsync(state, key, members));

        void Map(string pattern, Func<StateKey, HttpContext, JsonMembers, bool, Task<IResult>> answer) =>
            api.MapPost(pattern, (string key, HttpContext context) =>
                StateBody.AnswerAsync(state, key, context, (valid, members, durable) => answer(valid, context, members, durable)));
    }

    private static async Task<IResult> PopAsync(
        StateStore state, StateKey key, JsonMembers members, bool durable, CancellationToken aborted, CancellationToken ending)
    {
        var (wait, last) = (StateBody.Wait(members, state), members.Flag("last"));
        if (members.Wrong() is { } wrong)
        {
            return wrong;
        }

        using var leave = CancellationTokenSource.CreateLinkedTokenSource(aborted, ending);
        var result = await state.PopAsync(key, wait, last, durable, leave.Token);
        if (result.IsDone && aborted.IsCancellationRequested)
        {
            // The client has disconnected, so no caller would get the element.
            await state.GiveBackAsync(key, result, last, durable);
        }

        return result.IsDone ? Json.Ok(new { Value = new RawJson(result.Taken), Length = result.Count })
            : result.Outcome == StateOutcome.NotFound ? TypedResults.NoContent()
            : StateResults.NotDone(result, key);
    }

    private static IResult Held(StateStore state, StateKey key) => state.Locks.Find(key) is { } held
        ? Json.Ok(new { held.Fencing, held.Expires })
        : Problem.NotFound($"Nobody holds the lock {key}.");

    private static async Task<IResult> LockAsync(
        StateStore state, StateKey key, JsonMembers members, CancellationToken aborted, CancellationToken ending)
    {
        var (ttl, wait) = (StateBody.Ttl(members) ?? DefaultTtl, StateBody.Wait(members, state));
        if (members.Wrong() is { } wrong)
        {
            return wrong;
        }

        using var leave = CancellationTokenSource.CreateLinkedTokenSource(aborted, ending);
        var granted = await state.Locks.AcquireAsync(key, ttl, wait, leave.Token);
        if (granted is null)
        {
            return Conflict($"The lock {key} is held by another.");
        }

        if (aborted.IsCancellationRequested)
        {
            // The client has disconnected, so no caller would hold the lock.
            await state.Locks.ReleaseAsync(key, granted.Token);
        }

        return Json.Ok(granted);
    }

    private static async Task<IResult> RenewAsync(StateStore state, StateKey key, JsonMembers members)
    {
        var (token, ttl) = (members.Text("token", TokenLength, needed: true) ?? "", StateBody.Ttl(members) ?? DefaultTtl);
        if (members.Wrong() is { } wrong)
        {
            return wrong;
        }

        return await state.Locks.RenewAsync(key, token, ttl) is { } renewed ? Json.Ok(renewed) : NotYours(key);
    }

    private static async Task<IResult> ReleaseAsync(StateStore state, StateKey key, JsonMembers members)
    {
        var token = members.Text("token", TokenLength, needed: true) ?? "";
        if (members.Wrong() is { } wrong)
        {
            return wrong;
        }

        return await state.Locks.ReleaseAsync(key, token) ? TypedResults.NoContent() : NotYours(key);
    }

    private static Problem Conflict(string detail) => Problem.Of(StatusCodes.Status409Conflict, detail);

    private static Problem NotYours(StateKey key) => Conflict($"The lock {key} is not held with this token, or no longer.");
}
