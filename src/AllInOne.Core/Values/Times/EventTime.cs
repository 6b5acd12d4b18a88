namespace AllInOne.Core.Values.Times;

/// <summary>
/// The time of an event, in whole microseconds, which is the unit of storage. So an event from history is equal to the
/// event that was published, to the last byte.
/// </summary>
internal static class EventTime
{
    public static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
