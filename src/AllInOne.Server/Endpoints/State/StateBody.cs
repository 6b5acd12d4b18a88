using System.Runtime.InteropServices;
using System.Text.Json;
using AllInOne.Core.State;
using AllInOne.Core.State.Operations;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.State;

/// <summary>The body of a request that changes a key: an object with the arguments, or no body.</summary>
internal static class StateBody
{
    private const int MostElements = 1000;

    /// <summary>Reads the parts that all such requests have: the key, the parameter <c>durable</c>, and the members.</summary>
    public static async Task<IResult> AnswerAsync(
        StateStore state, string path, HttpContext context, Func<StateKey, JsonMembers, bool, Task<IResult>> answer)
    {
        var query = new QueryReader(context.Request);
        var durable = query.Flag("durable");
        if ((StateEndpoints.ReadKey(path, out var key) ?? query.Wrong()) is { } wrong)
        {
            return wrong;
        }

        if (IsEmpty(context.Request))
        {
            return await answer(key, new JsonMembers(), durable);
        }

        var (json, unreadable) = await JsonBody.ReadAsync(context.Request, state.Options.MaxDepth + 2);
        using (json)
        {
            return unreadable ?? await answer(key, new JsonMembers(json!.RootElement), durable);
        }
    }

    public static TimeSpan? Ttl(JsonMembers members) => members.Seconds("ttl", StateOptions.LongestTtl);

    public static TimeSpan Wait(JsonMembers members, StateStore state) =>
        members.Seconds("wait", state.Options.MaxWait, orZero: true) ?? TimeSpan.Zero;

    /// <summary>Reads one value, or an array of values.</summary>
    public static IReadOnlyList<ReadOnlyMemory<byte>> Values(JsonMembers members, string one, string many, StateOptions options)
    {
        var (single, several) = (members.Any(one), members.Array(many));
        if ((single.ValueKind == JsonValueKind.Undefined) == (several is null))
        {
            members.Refuse(one, $"either it or {many} must be there");
            return [];
        }

        if (several?.Count is 0 or > MostElements)
        {
            members.Refuse(many, $"has {several.Count} elements; it takes 1 to {MostElements}");
            return [];
        }

        ReadOnlyMemory<byte>[] values = [.. (several ?? [single]).Select(Copy)];
        if (values.Select(value => StateJson.Check(value.Span, options, inside: 1)).FirstOrDefault(wrong => wrong is not null) is { } reason)
        {
            members.Refuse(several is null ? one : many, reason);
        }

        return values;
    }

    /// <summary>Copies a value, because the body is released before the shard handles the command.</summary>
    public static ReadOnlyMemory<byte> Copy(JsonElement value) => JsonMarshal.GetRawUtf8Value(value).ToArray();

    private static bool IsEmpty(HttpRequest request) => request.ContentLength is null or 0 && request.Headers.TransferEncoding.Count == 0;
}
