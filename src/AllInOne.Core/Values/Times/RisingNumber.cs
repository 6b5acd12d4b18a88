namespace AllInOne.Core.Values.Times;

/// <summary>Numbers that tell the time in microseconds since 1970, but none that was given or seen before: each is greater than the last. Any thread.</summary>
internal sealed class RisingNumber
{
    private long _last;

    public long Next(DateTimeOffset now)
    {
        long last, next;
        do
        {
            last = Volatile.Read(ref _last);
            next = Math.Max(last + 1, Microseconds.From(now));
        }
        while (Interlocked.CompareExchange(ref _last, next, last) != last);
        return next;
    }

    /// <summary>Notes a number that was used before: from now on only greater numbers are returned.</summary>
    public void Saw(long number)
    {
        for (var last = Volatile.Read(ref _last); last < number;)
        {
            var found = Interlocked.CompareExchange(ref _last, number, last);
            last = found == last ? number : found;
        }
    }
}
