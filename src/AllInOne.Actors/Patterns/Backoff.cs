namespace AllInOne.Actors;

/// <summary>
/// Options of a supervisor that brings one child back after a growing delay: from the minimum, doubled each time, up to the
/// maximum, with a random share on top so that many do not come back at once.
/// </summary>
public static class Backoff
{
    /// <summary>For a child that fails: it is stopped and started again.</summary>
    public static BackoffOptions OnFailure(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries, onFailure: true);

    /// <summary>For a child that stops by itself.</summary>
    public static BackoffOptions OnStop(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries, onFailure: false);
}

/// <summary>Made by <see cref="Backoff"/>.</summary>
public sealed class BackoffOptions
{
    internal BackoffOptions(
        Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries, bool onFailure)
    {
        ArgumentNullException.ThrowIfNull(childProps);
        ArgumentException.ThrowIfNullOrEmpty(childName);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(minBackoff, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxBackoff, minBackoff);
        ArgumentOutOfRangeException.ThrowIfNegative(randomFactor);
        ChildProps = childProps;
        ChildName = childName;
        MinBackoff = minBackoff;
        MaxBackoff = maxBackoff;
        RandomFactor = randomFactor;
        MaxNrOfRetries = maxNrOfRetries;
        OnFailure = onFailure;
        ResetAfter = minBackoff;
    }

    internal Props ChildProps { get; }

    internal string ChildName { get; }

    internal TimeSpan MinBackoff { get; }

    internal TimeSpan MaxBackoff { get; }

    internal double RandomFactor { get; }

    /// <summary>Negative: no limit. Past it the supervisor stops.</summary>
    internal int MaxNrOfRetries { get; private set; }

    internal bool OnFailure { get; }

    /// <summary>After how much quiet time the delay begins at the minimum again; null: only by a message.</summary>
    internal TimeSpan? ResetAfter { get; private set; }

    internal IDecider Decider { get; private set; } = SupervisorStrategy.DefaultDecider;

    /// <summary>The delay begins anew after the child has run for so long.</summary>
    public BackoffOptions WithAutoReset(TimeSpan resetBackoff)
    {
        ResetAfter = resetBackoff;
        return this;
    }

    /// <summary>The delay begins anew when the child tells its parent <see cref="BackoffSupervisor.Reset"/>.</summary>
    public BackoffOptions WithManualReset()
    {
        ResetAfter = null;
        return this;
    }

    public BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries)
    {
        MaxNrOfRetries = maxNrOfRetries;
        return this;
    }

    /// <summary>Which failures bring the child back (Restart) and which do not.</summary>
    public BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy)
    {
        ArgumentNullException.ThrowIfNull(supervisorStrategy);
        Decider = supervisorStrategy.Decider;
        return this;
    }
}
