namespace AllInOne.Core.State.Shards;

/// <summary>
/// The place of one key: its published item, which any thread reads, and the notes of its shard, which alone writes here. A key that is
/// removed and made again gets a new slot.
/// </summary>
/// <param name="row">The number of its row in state.db.</param>
/// <param name="isPublished">Whether its changes become events.</param>
internal sealed class StateSlot(string key, long row, bool isPublished)
{
    private StateItem? _item;

    public string Key { get; } = key;

    /// <summary>Whether it is a lock, which is never evicted: the lock's end is a promise.</summary>
    public bool IsLock => Key.StartsWith(StateStore.LockPrefix, StringComparison.Ordinal);

    public long Row { get; } = row;

    public bool IsPublished { get; } = isPublished;

    /// <summary>As the shard has set it. Readers use <see cref="Read"/>: a change of several keys may not be complete.</summary>
    public StateItem? Item
    {
        get => Volatile.Read(ref _item);
        set => Volatile.Write(ref _item, value);
    }

    /// <summary>The bytes it counts in <c>State:MaxBytes</c>; the shard's alone.</summary>
    public long Size { get; set; }

    /// <summary>The beat of its shard in which it was last read or written; only kept for keys that may be evicted.</summary>
    public int Used { get; set; }

    /// <summary>Its item is newer than what was given to the writer of state.db.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Its row is stored, or given to the writer, and no other slot has taken the row over.</summary>
    public bool HasRow { get; set; }

    /// <summary>Whether the file must change for it: there is an item to store, or a row to delete.</summary>
    public bool NeedsWrite => HasRow || Item is not null;

    /// <summary>Its places in <see cref="ExpiringKeys"/>.</summary>
    public ExpiryPlace Expiry { get; set; } = ExpiryPlace.None;

    /// <summary>Whether it has a time to live. The shard's alone, which need not read the item for that.</summary>
    public bool Expires => Expiry.Bucket >= 0;

    /// <summary>The item that counts at this moment, null for none. It may have expired. Any thread.</summary>
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
