namespace AllInOne.Core.State.Operations;

/// <summary>The answer to an operation on a key.</summary>
public readonly record struct StateResult
{
    private readonly StateDetail? _detail;

    internal StateResult(StateOutcome outcome, StateItem? item = null, bool created = false, StateDetail? detail = null)
    {
        (Outcome, Item, Created) = (outcome, item, created);
        _detail = detail;
    }

    /// <summary>The outcome.</summary>
    public StateOutcome Outcome { get; }

    /// <summary>The present item of the key; null if the key does not exist.</summary>
    public StateItem? Item { get; }

    /// <summary>Whether the key did not exist before.</summary>
    public bool Created { get; }

    /// <summary>The element that was popped, as JSON.</summary>
    public ReadOnlyMemory<byte> Taken => _detail?.Taken;

    /// <summary>The expiry of the list from which the element was popped.</summary>
    internal long End => _detail?.End ?? StateItem.Never;

    /// <summary>The number of elements of the list after a push or pop, or of members that were added or removed.</summary>
    public int Count => _detail?.Count ?? 0;

    /// <summary>The reason for a refusal, for a person.</summary>
    public string? Reason => _detail?.Reason;

    /// <summary>Whether the key has the state that the operation requests.</summary>
    public bool IsDone => Outcome <= StateOutcome.Unchanged;
}

/// <summary>The members that few answers have beside the item. They are separate because a result is copied often.</summary>
internal sealed record StateDetail(byte[]? Taken = null, int Count = 0, string? Reason = null, long End = StateItem.Never);
