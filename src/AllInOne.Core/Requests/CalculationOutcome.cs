namespace AllInOne.Core.Requests;

/// <summary>The outcome of a calculation, for its caller.</summary>
public abstract record CalculationOutcome
{
    private CalculationOutcome()
    {
    }

    /// <summary>The calculation has a result.</summary>
    public sealed record Done(long Sum) : CalculationOutcome;

    /// <summary>The actor of the calculation crashed.</summary>
    /// <param name="Path">The path of the actor, which stays for a while so that an administrator can inspect it.</param>
    public sealed record Crashed(string Path) : CalculationOutcome;

    /// <summary>The actor was stopped before it had a result.</summary>
    public sealed record Stopped : CalculationOutcome;

    /// <summary>The calculation takes longer than the caller may wait, and continues.</summary>
    public sealed record TimedOut(TimeSpan After) : CalculationOutcome;

    /// <summary>The maximum number of calculations is reached.</summary>
    public sealed record Refused(int MaxConcurrent) : CalculationOutcome;
}
