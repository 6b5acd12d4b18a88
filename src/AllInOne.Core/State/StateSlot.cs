namespace AllInOne.Core.State;

/// <summary>
/// The place of one key: what is there now, for readers on any thread; and the notes of its shard, which alone writes here. A key that is
/// deleted and made again has another place, and another row on the disk.
/// </summary>
internal sealed class StateSlot(string key, long row, bool isPublished)
{
    private StateItem? _item;

    public string Key { get; } = key;

    /// <summary>Its end is a promise: it never makes room for others.</summary>
    public bool IsLock => Key.StartsWith(StateStore.LockPrefix, StringComparison.Ordinal);

    /// <summary>The number of its row in state.db.</summary>
    public long Row { get; } = row;

    /// <summary>Whether its changes become events.</summary>
    public bool IsPublished { get; } = isPublished;

    /// <summary>As the shard has put it, which readers may not see yet.</summary>
    public StateItem? Item
    {
        get => Volatile.Read(ref _item);
        set => Volatile.Write(ref _item, value);
    }

    /// <summary>What it takes of the memory; the shard's alone.</summary>
    public long Size { get; set; }

    /// <summary>When it was last read or written, in beats of its shard; kept for keys that may have to make room.</summary>
    public int Used { get; set; }

    /// <summary>Its item is newer than what was given to the writer of the file.</summary>
    public bool IsDirty { get; set; }

    /// <summary>There is, or soon is, a row of it, and no other place has taken that over.</summary>
    public bool HasRow { get; set; }

    /// <summary>Its places in <see cref="ExpiringKeys"/>.</summary>
    public ExpiryPlace Expiry { get; set; } = ExpiryPlace.None;

    /// <summary>Whether it ends at some time; the shard's alone, which need not look at the item for that.</summary>
    public bool HasEnd => Expiry.Bucket >= 0;

    /// <summary>What is there, for a reader; it may have expired.</summary>
    public StateItem? Read()
    {
        var item = Item;
        if (item?.Joint is { IsMade: false } joint)
        {
            item = joint.Before;
        }

        return item is null or { IsGone: true } ? null : item;
    }
}
