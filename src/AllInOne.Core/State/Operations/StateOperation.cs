using System.Text.Json;
using AllInOne.Core.Values;

namespace AllInOne.Core.State.Operations;

/// <summary>
/// An operation on one key. The shard of the key decides it from the present item, and no other write comes in between. The static methods create
/// operations; <see cref="StateStore"/> applies one or several of them.
/// </summary>
public abstract class StateOperation
{
    private protected StateOperation(StateKey key) => Key = key;

    public StateKey Key { get; }

    /// <summary>The condition for the present item; null for no condition.</summary>
    public VersionCondition? Condition { get; init; }

    /// <summary>Sets the value, whatever the present value is.</summary>
    /// <param name="json">One valid JSON value in UTF-8 within the limits: see <see cref="StateJson.Check"/>. It is copied.</param>
    /// <param name="ttl">The time to live; null for ever, even if the previous value had a time to live.</param>
    public static StateOperation Put(StateKey key, ReadOnlySpan<byte> json, TimeSpan? ttl = null, VersionCondition? condition = null) =>
        new PutOperation(key, json.ToArray(), ttl) { Condition = condition };

    /// <summary>Sets the value to a C# object as JSON.</summary>
    /// <exception cref="ArgumentException">Its JSON is not allowed as a value.</exception>
    public static StateOperation Put<T>(
        StateKey key, T value, StateOptions options, TimeSpan? ttl = null, VersionCondition? condition = null)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, JsonSerializerOptions.Web);
        return StateJson.Check(json, options) is { } wrong
            ? throw new ArgumentException(wrong, nameof(value))
            : new PutOperation(key, json, ttl) { Condition = condition };
    }

    public static StateOperation Delete(StateKey key, VersionCondition? condition = null) => new DeleteOperation(key) { Condition = condition };

    /// <summary>Only checks the condition. It is for changes of several keys that depend on a key which they do not change.</summary>
    public static StateOperation Check(StateKey key, VersionCondition condition) => new CheckOperation(key) { Condition = condition };

    /// <summary>Adds to a number. Integers stay integers; other numbers are decimals of up to 28 digits, without rounding errors.</summary>
    /// <param name="initial">The number to which it adds if the key does not exist.</param>
    /// <param name="ttl">The time to live if this creates the key, for example the window of a rate limit; null for ever.</param>
    public static StateOperation Increment(StateKey key, decimal by = 1, decimal initial = 0, TimeSpan? ttl = null, VersionCondition? condition = null) =>
        new IncrementOperation(key, by, initial, ttl) { Condition = condition };

    /// <summary>Adds elements to the end of a list, in their order. If the key does not exist, the list is created.</summary>
    /// <param name="elements">JSON values.</param>
    /// <param name="ttl">The time to live if this creates the key; null for ever.</param>
    public static StateOperation Push(
        StateKey key, IReadOnlyList<ReadOnlyMemory<byte>> elements, TimeSpan? ttl = null, VersionCondition? condition = null) =>
        new PushOperation(key, elements, ttl) { Condition = condition };

    /// <summary>Takes an element from a list. The key is deleted with its last element.</summary>
    /// <param name="last">True to take the last element, false to take the first one.</param>
    public static StateOperation Pop(StateKey key, bool last = false, VersionCondition? condition = null) =>
        new PopOperation(key, last) { Condition = condition };

    /// <summary>Adds members to a set (an array without equal values), except members that it has already.</summary>
    public static StateOperation Add(
        StateKey key, IReadOnlyList<ReadOnlyMemory<byte>> members, TimeSpan? ttl = null, VersionCondition? condition = null) =>
        new MembersOperation(key, members, adds: true, ttl) { Condition = condition };

    /// <summary>Removes members from a set. The key is deleted with its last member.</summary>
    public static StateOperation Remove(StateKey key, IReadOnlyList<ReadOnlyMemory<byte>> members, VersionCondition? condition = null) =>
        new MembersOperation(key, members, adds: false, null) { Condition = condition };

    /// <summary>Applies a JSON merge patch (RFC 7396) to an object. If the key does not exist, the object is created.</summary>
    public static StateOperation Merge(StateKey key, ReadOnlyMemory<byte> patch, TimeSpan? ttl = null, VersionCondition? condition = null) =>
        new MergeOperation(key, patch, ttl) { Condition = condition };

    /// <summary>Sets the time to live of the present value, counted from now; null for ever.</summary>
    public static StateOperation Touch(StateKey key, TimeSpan? ttl, VersionCondition? condition = null) =>
        new TouchOperation(key, ttl) { Condition = condition };

    /// <summary>Calculates the decision, without the condition. Pure.</summary>
    /// <param name="present">The present item; null if the key does not exist.</param>
    internal abstract StateDecision Decide(StateItem? present, StateRules rules);

    /// <summary>Calculates the decision. Checks the condition first.</summary>
    internal StateDecision DecideUnder(StateItem? present, StateRules rules) =>
        Condition is { } condition && !condition.Holds(present?.Version)
            ? StateDecision.Fail(StateOutcome.ConditionFailed)
            : Decide(present, rules);
}
