namespace AllInOne.Core.Live;

/// <summary>
/// The last event that one incarnation of the subscriptions actor has checked. A registered subscription that is not notified has no match
/// up to this event. Each incarnation has its own object, so an abandoned incarnation cannot change the progress of its successor.
/// </summary>
internal sealed class CheckProgress(long seq)
{
    private long _seq = seq;

    public long Seq
    {
        get => Volatile.Read(ref _seq);
        set => Volatile.Write(ref _seq, value);
    }
}
