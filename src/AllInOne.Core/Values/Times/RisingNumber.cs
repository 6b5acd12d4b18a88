namespace AllInOne.Core.Values.Times;

/// <summary>
/// The source of ids and versions that grow and are unique over all processes. A number is the time in microseconds since 1970, rounded up to the
/// next multiple of 64, plus the number of the node. So two nodes never return the same number, and a number is never less than the time at which it
/// was made. Each number is greater than all that this object has returned or seen; if more than one is needed in 64 microseconds, they run ahead of
/// the clock. Thread-safe.
/// </summary>
/// <param name="node">The number of the node, from 0 to <see cref="MaxNode"/>.</param>
internal sealed class RisingNumber(int node = 0)
{
    public const int MaxNode = (1 << NodeBits) - 1;

    // The result stays below 2^53 until the year 2255, so it is exact as a JSON number.
    private const int NodeBits = 6;

    private readonly int _node = node is >= 0 and <= MaxNode ? node : throw new ArgumentOutOfRangeException(nameof(node));

    // The time of the last number, in units of 64 microseconds.
    private long _last;

    public long Next(DateTimeOffset now)
    {
        long last, next;
        do
        {
            last = Volatile.Read(ref _last);
            next = Math.Max(last + 1, (Microseconds.From(now) + MaxNode) >> NodeBits);
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);
        return (next << NodeBits) | (long)_node;
    }

    /// <summary>Notes a number that was used before, here or on another node: from now on only greater numbers are returned.</summary>
    public void Saw(long number)
    {
        var seen = number >> NodeBits;
        for (var last = Volatile.Read(ref _last); last < seen;)
        {
            var found = Interlocked.CompareExchange(ref _last, seen, last);
            last = found == last ? seen : found;
        }
    }
}
