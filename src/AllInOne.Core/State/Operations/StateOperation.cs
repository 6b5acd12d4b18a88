using System.Text.Json;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Operations;

/// <summary>
/// What is to be done to one key. Its shard decides it on the present item, and no other write comes in between. Made by
/// the methods here; alone or as one of several it is given to <see cref="StateStore"/>.
/// </summary>
public abstract class StateOperation
{
    private protected StateOperation(StateKey key) => Key = key;

    public StateKey Key { get; }

    /// <summary>What must be there; null asks for nothing.</summary>
    public VersionCondition? Condition { get; init; }

    /// <summary>A value, whatever was there.</summary>
    /// <param name="json">One JSON value in UTF-8, right and within the bounds: see <see cref="StateJson.Check"/>. It is copied.</param>
    /// <param name="ttl">How long it is kept; null for ever, also when the one before had an end.</param>
    public static StateOperation Put(StateKey key, ReadOnlySpan<byte> json, TimeSpan? ttl = null, VersionCondition? condition = null) =>
        new PutOperation(key, json.ToArray(), ttl) { Condition = condition };

    /// <summary>An object of C# as the value.</summary>
    /// <exception cref="ArgumentException">Its JSON may not be a value.</exception>
    public static StateOperation Put<T>(
        StateKey key, T value, StateOptions options, TimeSpan? ttl = null, VersionCondition? condition = null)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);
        return StateJson.Check(json, options) is { } wrong
            ? throw new ArgumentException(wrong, nameof(value))
            : new PutOperation(key, json, ttl) { Condition = condition };
    }

    public static StateOperation Delete(StateKey key, VersionCondition? condition = null) => new DeleteOperation(key) { Condition = condition };

    /// <summary>Nothing but the condition: for several operations that depend on a key which they do not change.</summary>
    public static StateOperation Check(StateKey key, VersionCondition condition) => new CheckOperation(key) { Condition = condition };

    /// <summary>Adds to a number. Whole ones stay whole; others are decimals of up to 28 digits, without rounding errors.</summary>
    /// <param name="initial">What it is added to when there is no such key.</param>
    /// <param name="ttl">How long the key is kept, if it is made by this: a window for a rate limit.</param>
    public static StateOperation Increment(StateKey key, decimal by = 1, decimal initial = 0, TimeSpan? ttl = null, VersionCondition? condition = null) =>
        new IncrementOperation(key, by, initial, ttl) { Condition = condition };

    /// <summary>Puts elements at the end of a list, in their order; a list that is not there is made.</summary>
    /// <param name="elements">JSON values.</param>
    /// <param name="ttl">How long the key is kept, if it is made by this.</param>
    public static StateOperation Push(
        StateKey key, IReadOnlyList<ReadOnlyMemory<byte>> elements, TimeSpan? ttl = null, VersionCondition? condition = null) =>
        new PushOperation(key, elements, ttl) { Condition = condition };

    /// <summary>Takes an element from a list; the key goes with the last one.</summary>
    /// <param name="last">From the end, not from the beginning.</param>
    public static StateOperation Pop(StateKey key, bool last = false, VersionCondition? condition = null) =>
        new PopOperation(key, last) { Condition = condition };

    /// <summary>Puts members into a set (an array without two equal values), the ones that are not in it yet.</summary>
    public static StateOperation Add(
        StateKey key, IReadOnlyList<ReadOnlyMemory<byte>> members, TimeSpan? ttl = null, VersionCondition? condition = null) =>
        new MembersOperation(key, members, adds: true, ttl) { Condition = condition };

    /// <summary>Takes members out of a set; the key goes with the last one.</summary>
    public static StateOperation Remove(StateKey key, IReadOnlyList<ReadOnlyMemory<byte>> members, VersionCondition? condition = null) =>
        new MembersOperation(key, members, adds: false, null) { Condition = condition };

    /// <summary>A JSON merge patch (RFC 7396) of an object; one that is not there is made.</summary>
    public static StateOperation Merge(StateKey key, ReadOnlyMemory<byte> patch, TimeSpan? ttl = null, VersionCondition? condition = null) =>
        new MergeOperation(key, patch, ttl) { Condition = condition };

    /// <summary>Another time to live for the value that is there, counted from now; null for ever.</summary>
    public static StateOperation Touch(StateKey key, TimeSpan? ttl, VersionCondition? condition = null) =>
        new TouchOperation(key, ttl) { Condition = condition };

    /// <summary>What this comes to, where the condition holds. Pure.</summary>
    /// <param name="present">The present item; null when the key does not exist.</param>
    internal abstract StateDecision Decide(StateItem? present, StateRules rules);

    /// <summary>The same with the condition.</summary>
    internal StateDecision DecideUnder(StateItem? present, StateRules rules) =>
        Condition is { } condition && !condition.Holds(present?.Version)
            ? StateDecision.Not(StateOutcome.ConditionFailed)
            : Decide(present, rules);
}
