namespace AllInOne.Core.Events;

/// <summary>
/// How the log tells the subscriptions that there is more, once for any number of events: raised by the log, lowered by the
/// subscriptions before they look. Left raised while nobody waits, so that nobody is told then.
/// </summary>
internal sealed class EventSignal
{
    private int _raised = 1;

    /// <summary>True for the one who has to tell.</summary>
    public bool TryRaise()
    {
        // The head was written just before; it must be visible before the flag is read, or a waiter could be overlooked.
        Interlocked.MemoryBarrier();
        return Volatile.Read(ref _raised) == 0 && Interlocked.Exchange(ref _raised, 1) == 0;
    }

    /// <summary>Before the head is read: what comes after it raises the signal again.</summary>
    public void Lower() => Interlocked.Exchange(ref _raised, 0);
}
