using System.Text.Json;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.State;

/// <summary>
/// A key's value at one moment. Immutable: who has one keeps it as it was, whatever becomes of the key.
/// </summary>
public class StateItem
{
    /// <summary>Of a key without a time to live.</summary>
    internal const long Never = long.MaxValue;

    private protected StateItem(string key, StateValue value, long version, long expiresAt)
    {
        (Key, Version, ExpiresAt) = (key, version, expiresAt);
        Value = value;
    }

    public string Key { get; }

    /// <summary>
    /// Goes up with each change and is never used twice for a key, also when it was deleted or the server restarted in between. The
    /// first one of a run is the time in microseconds.
    /// </summary>
    public long Version { get; }

    /// <summary>When it expires, converted to the present wall clock; null for never.</summary>
    public virtual DateTimeOffset? Expires => null;

    /// <summary>The value as JSON in UTF-8. Of a list or a large set in use it is put together each time that it is asked for.</summary>
    public ReadOnlyMemory<byte> Json => Value.Json;

    internal StateValue Value { get; }

    /// <summary>By the steady clock of state.db, in microseconds; or <see cref="Never"/>.</summary>
    internal long ExpiresAt { get; }

    /// <summary>It says that there is nothing: within a change of many, before the key is taken away.</summary>
    internal bool IsGone => Value.IsNone;

    /// <summary>The change of many keys that brings it, until that is made and settled.</summary>
    internal JointPart? Joint { get; set; }

    /// <param name="expiresAt">By the clock, in microseconds; or <see cref="Never"/>.</param>
    internal static StateItem Of(string key, StateValue value, long version, long expiresAt, SteadyClock clock) =>
        expiresAt == Never ? new StateItem(key, value, version, Never) : new Expiring(key, value, version, expiresAt, clock);

    /// <summary>An item that says that there is nothing.</summary>
    internal static StateItem Nothing(string key, long version) => new(key, default, version, Never);

    /// <summary>The value as an object of C#.</summary>
    /// <exception cref="JsonException">It is another kind of value.</exception>
    public T? As<T>(JsonSerializerOptions? options = null) => JsonSerializer.Deserialize<T>(Json.Span, options ?? JsonSerializerOptions.Web);

    public override string ToString() => $"{Key}@{Version}";

    /// <summary>Only items with a time to live need a clock. Most items have none, and there may be millions.</summary>
    private sealed class Expiring(string key, StateValue value, long version, long expiresAt, SteadyClock clock) : StateItem(key, value, version, expiresAt)
    {
        public override DateTimeOffset? Expires => clock.ToWall(ExpiresAt);
    }
}
