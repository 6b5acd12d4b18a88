namespace AllInOne.Core.Events;

/// <summary>
/// The flag by which the event log notifies the subscriptions once for any number of new events. The event log raises it, and the subscriptions actor lowers it
/// before it checks. Without subscriptions the flag stays raised, so the event log sends no notifications.
/// </summary>
internal sealed class EventSignal
{
    private int _raised = 1;

    /// <summary>Raises the flag. Returns true if the caller must send a notification.</summary>
    public bool TryRaise()
    {
        // The new head must be visible before the flag is read. Otherwise a waiting subscription could miss it.
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _raised) == 0 && Interlocked.Exchange(ref _raised, 1) == 0;
    }

    /// <summary>Lowers the flag. Call it before the head is read, so that later events raise the flag again.</summary>
    public void Lower() => Interlocked.Exchange(ref _raised, 0);
}
