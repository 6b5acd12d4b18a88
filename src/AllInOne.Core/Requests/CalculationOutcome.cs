namespace AllInOne.Core.Requests;

/// <summary>What became of a calculation, for its caller.</summary>
public abstract record CalculationOutcome
{
    private CalculationOutcome()
    {
    }

    /// <summary>It has a result.</summary>
    public sealed record Done(long Sum) : CalculationOutcome;

    /// <summary>Its actor crashed.</summary>
    /// <param name="Path">The actor, which stays for a while to be looked at.</param>
    public sealed record Crashed(string Path) : CalculationOutcome;

    /// <summary>Its actor was stopped before there was a result.</summary>
    public sealed record Stopped : CalculationOutcome;

    /// <summary>It takes longer than the caller may wait, and continues.</summary>
    public sealed record TimedOut(TimeSpan After) : CalculationOutcome;

    /// <summary>There are as many calculations as there may be.</summary>
    public sealed record Refused(int MaxConcurrent) : CalculationOutcome;
}
