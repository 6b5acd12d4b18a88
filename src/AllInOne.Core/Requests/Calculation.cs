namespace AllInOne.Core.Requests;

/// <summary>One calculation, with its number and its result. Only the first call of <see cref="End"/> has an effect. Thread-safe.</summary>
internal sealed class Calculation(long n)
{
    private readonly TaskCompletionSource<CalculationOutcome> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private int _released;

    public long N { get; } = n;

    public Task<CalculationOutcome> Ended => _ended.Task;

    /// <summary>Releases its place among the allowed number. False if it is released already.</summary>
    public bool TryRelease() => Interlocked.Exchange(ref _released, 1) == 0;

    public void End(CalculationOutcome outcome) => _ended.TrySetResult(outcome);
}
