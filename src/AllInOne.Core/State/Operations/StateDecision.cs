using AllInOne.Core.Values.Times;

namespace AllInOne.Core.State.Operations;

/// <summary>What an operation wants done, decided on what was there.</summary>
internal readonly struct StateDecision
{
    private StateDecision(StateOutcome outcome, StateValue value = default, long expiresAt = 0) => (Outcome, Value, ExpiresAt) = (outcome, value, expiresAt);

    public StateOutcome Outcome { get; }

    /// <summary>The new value, for <see cref="StateOutcome.Stored"/>.</summary>
    public StateValue Value { get; }

    /// <summary>When it ends.</summary>
    public long ExpiresAt { get; }

    private StateDetail? Detail { get; init; }

    public static StateDecision Delete => new(StateOutcome.Deleted);

    public static StateDecision Keep => new(StateOutcome.Unchanged);

    public static StateDecision Store(StateValue value, long expiresAt) => new(StateOutcome.Stored, value, expiresAt);

    public static StateDecision Not(StateOutcome outcome) => new(outcome);

    public static StateDecision Refuse(string reason) => new(StateOutcome.Refused) { Detail = new StateDetail(Reason: reason) };

    /// <param name="end">When the list that it was taken from ends.</param>
    public StateDecision Took(byte[] taken, int left, long end) => new(Outcome, Value, ExpiresAt) { Detail = new StateDetail(taken, left, End: end) };

    /// <summary>With a count, unless it was refused.</summary>
    public StateDecision Counting(int count) => new(Outcome, Value, ExpiresAt) { Detail = Detail ?? new StateDetail(Count: count) };

    public StateResult Result(StateItem? item, bool created) => new(Outcome, item, created, Detail);
}

/// <summary>What holds for every decision: the bounds, and the time.</summary>
internal sealed class StateRules(StateOptions options, TimeProvider time, SteadyClock clock)
{
    public StateOptions Options { get; } = options;

    /// <summary>The clock by which keys and locks expire.</summary>
    public SteadyClock Clock { get; } = clock;

    /// <summary>Of this clock, in microseconds.</summary>
    public long Now => Clock.NowMicroseconds;

    /// <summary>Measures durations.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>When something ends that is kept so long from now.</summary>
    public long EndOf(TimeSpan? ttl) => ttl is { } kept ? Now + (kept.Ticks / TimeSpan.TicksPerMicrosecond) : StateItem.Never;

    public bool IsExpired(StateItem item) => item.ExpiresAt != StateItem.Never && item.ExpiresAt <= Now;

    /// <summary>The end of the present item, or of an item that is made now.</summary>
    public long EndOf(StateItem? present, TimeSpan? ttl) => present?.ExpiresAt ?? EndOf(ttl);

    /// <summary>A value that an operation has made; refused when it is too large.</summary>
    public StateDecision Store(StateValue value, long expiresAt) => value.Length > Options.MaxValueBytes
        ? StateDecision.Refuse($"the value would have {value.Length} bytes, more than {Options.MaxValueBytes}")
        : StateDecision.Store(value, expiresAt);
}
