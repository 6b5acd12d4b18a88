using AllInOne.Core.Requests;
using AllInOne.Server.Http.Answers;
using AllInOne.Server.Http.Requests;

namespace AllInOne.Server.Endpoints.Load;

/// <summary>
/// The resource <c>/api/system/sum</c>: a calculation in an actor of its own for each caller. If it crashes, only its caller gets 500. If it stops
/// without a result, the answer is 503. If it takes too long, the answer is 504, and the calculation continues.
/// </summary>
internal static class SumEndpoints
{
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long a caller still waits when the web host stops: long enough for a result that is almost ready, but not for an endless calculation.
    /// </summary>
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    public static void MapSum(this IEndpointRouteBuilder api, Calculations calculations, CancellationToken ending) =>
        api.MapPost("/system/sum", (HttpRequest request) => SumAsync(calculations, request, ending));

    private static async Task<IResult> SumAsync(Calculations calculations, HttpRequest request, CancellationToken ending)
    {
        var (n, wrong) = await JsonBody.ReadWholeAsync(request, "n", long.MinValue, calculations.MaxSum);
        return wrong ?? await AnswerAsync(calculations, n, request.HttpContext.RequestAborted, ending);
    }

    private static async Task<IResult> AnswerAsync(Calculations calculations, long n, CancellationToken aborted, CancellationToken ending)
    {
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        await using var stopping = ending.Register(() => ends.CancelAfter(Grace));
        try
        {
            return ResultOf(await calculations.SumAsync(n, ends.Token));
        }
        catch (OperationCanceledException) when (ending.IsCancellationRequested && !aborted.IsCancellationRequested)
        {
            return Problem.Unavailable("The web host stops; the calculation continues without it.", RetryAfter);
        }
    }

    private static IResult ResultOf(CalculationOutcome outcome) => outcome switch
    {
        CalculationOutcome.Done done => Json.Ok(new { done.Sum }),
        CalculationOutcome.Crashed crashed => Problem.Of(
            StatusCodes.Status500InternalServerError, $"The calculation has crashed; {crashed.Path} and the log have the reason."),
        CalculationOutcome.TimedOut late => Problem.Of(
            StatusCodes.Status504GatewayTimeout, $"There is no result after {late.After.TotalSeconds:0.###} s; the calculation continues until it is stopped."),
        CalculationOutcome.Refused refused => Problem.Unavailable(
            $"There are {refused.MaxConcurrent} calculations, as many as Requests:MaxConcurrent allows.", RetryAfter),
        _ => Problem.Unavailable("The calculation was stopped.", RetryAfter),
    };
}
