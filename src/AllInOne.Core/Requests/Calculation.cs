namespace AllInOne.Core.Requests;

/// <summary>One calculation on its way from its caller to its actor and back. Ends once, however many say so; any thread.</summary>
internal sealed class Calculation(long n)
{
    private readonly TaskCompletionSource<CalculationOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public long N { get; } = n;

    public Task<CalculationOutcome> Ended => _ended.Task;

    public void End(CalculationOutcome outcome) => _ended.TrySetResult(outcome);
}
