namespace AllInOne.Core.State.Shards;

/// <summary>
/// The slot of one key: its published item, which any thread reads, and the marks of its shard, which only the shard's actor reads and writes. A key
/// that is removed and created again gets a new slot.
/// </summary>
/// <param name="row">The number of its row in state.db.</param>
/// <param name="isPublished">Whether its changes become events.</param>
internal sealed class StateSlot(string key, long row, bool isPublished)
{
    private StateItem? _item;

    public string Key { get; } = key;

    /// <summary>Whether it is a lock. A lock is never evicted, because its holder relies on its expiry.</summary>
    public bool IsLock => Key.StartsWith(StateStore.LockPrefix, StringComparison.Ordinal);

    public long Row { get; } = row;

    public bool IsPublished { get; } = isPublished;

    /// <summary>The item as the shard has set it. Readers use <see cref="Read"/>, because a change of several keys may not be complete.</summary>
    public StateItem? Item
    {
        get => Volatile.Read(ref _item);
        set => Volatile.Write(ref _item, value);
    }

    /// <summary>Its bytes, as <c>State:MaxBytes</c> counts them. Only the shard's actor uses it.</summary>
    public long Size { get; set; }

    /// <summary>The write interval of its shard in which it was last read or written. It is only kept for keys that may be evicted.</summary>
    public int Used { get; set; }

    /// <summary>Whether its item is newer than the item that was given to the writer of state.db.</summary>
    public bool IsDirty { get; set; }

    /// <summary>Whether its row is stored or given to the writer, and no other slot has taken the row over.</summary>
    public bool HasRow { get; set; }

    /// <summary>The slots that must be written together with this one; null for none.</summary>
    public WriteGroup? Group { get; set; }

    /// <summary>Whether the file must change for it: it has an item to store, or a row to delete.</summary>
    public bool NeedsWrite => HasRow || Item is not null;

    /// <summary>Its places in <see cref="ExpiringKeys"/>.</summary>
    public ExpiryPlace Expiry { get; set; } = ExpiryPlace.None;

    /// <summary>Whether it has a time to live. Only the shard's actor uses it; it does not have to read the item for this.</summary>
    public bool Expires => Expiry.Bucket >= 0;

    /// <summary>The valid item at this moment; null for none. The item may have expired. Any thread may call it.</summary>
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
