namespace AllInOne.Core.Values.Times;

/// <summary>
/// The time an event carries: whole microseconds, the unit that storage keeps, so that an event read from history is the
/// event that was published live, to the last byte.
/// </summary>
internal static class EventTime
{
    public static DateTimeOffset Now(TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
