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

    /// <summary>What became of it.</summary>
    public StateOutcome Outcome { get; }

    /// <summary>The key as it is now; null when it is not there.</summary>
    public StateItem? Item { get; }

    /// <summary>It was not there before.</summary>
    public bool Created { get; }

    /// <summary>The element that was popped, as JSON.</summary>
    public ReadOnlyMemory<byte> Taken => _detail?.Taken;

    /// <summary>When the list ends that an element was popped from.</summary>
    internal long End => _detail?.End ?? StateItem.Never;

    /// <summary>Elements of the list after a push or pop; members added or removed.</summary>
    public int Count => _detail?.Count ?? 0;

    /// <summary>Why it was refused, for a person.</summary>
    public string? Reason => _detail?.Reason;

    /// <summary>Whether the key is now as the operation says.</summary>
    public bool IsDone => Outcome <= StateOutcome.Unchanged;
}

/// <summary>What few answers have to say beside the item. Apart, because a result is copied often.</summary>
internal sealed record StateDetail(byte[]? Taken = null, int Count = 0, string? Reason = null, long End = StateItem.Never);
