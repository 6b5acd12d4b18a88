namespace AllInOne.Core.Live;

/// <summary>
/// How far one incarnation of the subscriptions' actor has looked: whoever it knows and has not raised was concerned by nothing up
/// to there. One object for each incarnation, so that one which was abandoned in the middle says nothing about those of its successor.
/// </summary>
internal sealed class Examination(long seq)
{
    private long _seq = seq;

    public long Seq
    {
        get => Volatile.Read(ref _seq);
        set => Volatile.Write(ref _seq, value);
    }
}
