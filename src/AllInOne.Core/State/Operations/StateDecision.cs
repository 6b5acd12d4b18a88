using AllInOne.Core.Values.Times;

namespace AllInOne.Core.State.Operations;

/// <summary>The decision of an operation on the present item: what its shard must do.</summary>
internal readonly struct StateDecision
{
    private StateDecision(StateOutcome outcome, StateValue value = default, long expiresAt = 0) => (Outcome, Value, ExpiresAt) = (outcome, value, expiresAt);

    public StateOutcome Outcome { get; }

    /// <summary>The new value, for <see cref="StateOutcome.Stored"/>.</summary>
    public StateValue Value { get; }

    /// <summary>The expiry of this value.</summary>
    public long ExpiresAt { get; }

    private StateDetail? Detail { get; init; }

    public static StateDecision Delete => new(StateOutcome.Deleted);

    public static StateDecision Keep => new(StateOutcome.Unchanged);

    public static StateDecision Store(StateValue value, long expiresAt) => new(StateOutcome.Stored, value, expiresAt);

    public static StateDecision Fail(StateOutcome outcome) => new(outcome);

    public static StateDecision Refuse(string reason) => new(StateOutcome.Refused) { Detail = new StateDetail(Reason: reason) };

    /// <param name="end">The expiry of the list from which it was taken.</param>
    public StateDecision Took(byte[] taken, int left, long end) => new(Outcome, Value, ExpiresAt) { Detail = new StateDetail(taken, left, End: end) };

    /// <summary>Adds a count to the decision, unless it is a refusal.</summary>
    public StateDecision Counting(int count) => new(Outcome, Value, ExpiresAt) { Detail = Detail ?? new StateDetail(Count: count) };

    public StateResult Result(StateItem? item, bool created) => new(Outcome, item, created, Detail);
}

/// <summary>The rules that all decisions use: the limits, and the time.</summary>
internal sealed class StateRules(StateOptions options, TimeProvider time, SteadyClock clock)
{
    public StateOptions Options { get; } = options;

    /// <summary>The clock by which keys and locks expire.</summary>
    public SteadyClock Clock { get; } = clock;

    /// <summary>The time of this clock, in microseconds.</summary>
    public long Now => Clock.NowMicroseconds;

    /// <summary>Measures durations.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>The expiry of a value with this time to live, from now.</summary>
    public long EndOf(TimeSpan? ttl) => ttl is { } kept ? Now + (kept.Ticks / TimeSpan.TicksPerMicrosecond) : StateItem.Never;

    public bool IsExpired(StateItem item) => item.ExpiresAt != StateItem.Never && item.ExpiresAt <= Now;

    /// <summary>The expiry of the present item, or of an item that is created now.</summary>
    public long EndOf(StateItem? present, TimeSpan? ttl) => present?.ExpiresAt ?? EndOf(ttl);

    /// <summary>Stores a value that an operation has made; refuses it if it is too large.</summary>
    public StateDecision Store(StateValue value, long expiresAt) => value.Length > Options.MaxValueBytes
        ? StateDecision.Refuse($"the value would have {value.Length} bytes, more than {Options.MaxValueBytes}")
        : StateDecision.Store(value, expiresAt);
}
