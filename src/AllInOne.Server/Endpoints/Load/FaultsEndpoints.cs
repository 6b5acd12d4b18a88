using AllInOne.Core.Faults;
using AllInOne.Core.Values.Json;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Load;

/// <summary>The resource <c>/api/system/faults</c>: injects faults. It exists only with <c>Faults:Enabled</c>.</summary>
internal static class FaultsEndpoints
{
    private const double DefaultSeconds = 10;

    /// <param name="faults">Null if faults are not enabled.</param>
    public static void MapFaults(this IEndpointRouteBuilder api, FaultInjector? faults) =>
        api.MapPost("/system/faults", (HttpRequest request) => faults is null
            ? Task.FromResult<IResult>(Problem.NotFound("Faults are off; Faults:Enabled=true opens this."))
            : InjectAsync(faults, request));

    private static async Task<IResult> InjectAsync(FaultInjector faults, HttpRequest request)
    {
        if (QueryReader.None(request) is { } unfit)
        {
            return unfit;
        }

        var (document, unreadable) = await JsonBody.ReadAsync(request);
        using (document)
        {
            if (unreadable is not null)
            {
                return unreadable;
            }

            var members = new JsonMembers(document!.RootElement);
            var kind = members.OneOf<FaultKind>("kind", needed: true) ?? default;
            var count = (int)members.Whole("count", 1, faults.MaxCount, otherwise: 1);
            var seconds = members.Number("seconds", 0, faults.MaxDuration.TotalSeconds, Math.Min(DefaultSeconds, faults.MaxDuration.TotalSeconds));
            if (members.Wrong() is { } wrong)
            {
                return wrong;
            }

            faults.Inject(kind, count, TimeSpan.FromSeconds(seconds));
            return Json.Of(
                new { Kind = kind.ToString().ToLowerInvariant(), Count = count, Seconds = seconds, Path = $"/user/{FaultsModule.Name}" },
                StatusCodes.Status202Accepted);
        }
    }
}
