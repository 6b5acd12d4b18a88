using System.Text.Json;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.State;

/// <summary>
/// The value of a key at one moment. Immutable: a caller that has one is not affected by later changes of the key.
/// </summary>
public class StateItem
{
    /// <summary>The expiry of a key without a time to live.</summary>
    internal const long Never = long.MaxValue;

    private protected StateItem(string key, StateValue value, long version, long expiresAt)
    {
        (Key, Version, ExpiresAt) = (key, version, expiresAt);
        Value = value;
    }

    public string Key { get; }

    /// <summary>
    /// The version. It grows with each change and is never used twice for a key, even if the key was deleted or the server restarted meanwhile. The
    /// first version of a process is the time in microseconds.
    /// </summary>
    public long Version { get; }

    /// <summary>The expiry, converted to the present wall clock; null for never.</summary>
    public virtual DateTimeOffset? Expires => null;

    /// <summary>The value as JSON in UTF-8. For a list or a large set in use, each read creates it again.</summary>
    public ReadOnlyMemory<byte> Json => Value.Json;

    internal StateValue Value { get; }

    /// <summary>The expiry by the steady clock of state.db, in microseconds; or <see cref="Never"/>.</summary>
    internal long ExpiresAt { get; }

    /// <summary>Whether it means "no value": in a change of several keys, until the key is removed.</summary>
    internal bool IsGone => Value.IsNone;

    /// <summary>The change of several keys that it belongs to, until this change is complete; null for none.</summary>
    internal JointPart? Joint { get; set; }

    /// <param name="expiresAt">By this clock, in microseconds; or <see cref="Never"/>.</param>
    internal static StateItem Of(string key, StateValue value, long version, long expiresAt, SteadyClock clock) =>
        expiresAt == Never ? new StateItem(key, value, version, Never) : new Expiring(key, value, version, expiresAt, clock);

    /// <summary>An item that means "no value".</summary>
    internal static StateItem Nothing(string key, long version) => new(key, default, version, Never);

    /// <summary>The value as a C# object.</summary>
    /// <exception cref="JsonException">The value has another type.</exception>
    public T? As<T>(JsonSerializerOptions? options = null) => JsonSerializer.Deserialize<T>(Json.Span, options ?? JsonSerializerOptions.Web);

    public override string ToString() => $"{Key}@{Version}";

    /// <summary>An item with a time to live. Only these items need a clock; most items have no time to live, and there may be millions.</summary>
    private sealed class Expiring(string key, StateValue value, long version, long expiresAt, SteadyClock clock) : StateItem(key, value, version, expiresAt)
    {
        public override DateTimeOffset? Expires => clock.ToWall(ExpiresAt);
    }
}
