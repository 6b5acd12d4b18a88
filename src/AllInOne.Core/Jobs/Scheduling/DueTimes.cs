using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>One time for which a job is to run now.</summary>
internal readonly record struct DueTime(DateTimeOffset Time, RunCause Cause);

/// <summary>
/// Which runs a job owes at this moment: pure. What is later than the threshold has been missed, because the server was not there, stood
/// still or could not keep up, and the policy says what becomes of it; the rest is on time.
/// </summary>
/// <param name="Runs">In the order of their times.</param>
/// <param name="Noticed">Times up to this one need not be looked at again; null where there are none.</param>
/// <param name="Dropped">Whether there were more missed times than may wait.</param>
internal sealed record DueTimes(IReadOnlyList<DueTime> Runs, DateTimeOffset? Noticed, bool Dropped)
{
    private static readonly DueTimes Nothing = new([], null, false);

    /// <param name="noticed">Times up to this one are done with.</param>
    /// <param name="most">How many missed times are caught up with; of more the oldest are left out.</param>
    public static DueTimes Of(
        JobSchedule schedule, DateTimeOffset anchor, DateTimeOffset noticed, DateTimeOffset now, MisfirePolicy policy, TimeSpan threshold, int most)
    {
        // Backwards: however long nobody looked, this takes no longer than what comes of it.
        var last = schedule.UpTo(now, anchor);
        if (last is null || last <= noticed)
        {
            return Nothing;
        }

        var runs = new List<DueTime>();
        var time = last;
        while (time > noticed && time >= now - threshold && runs.Count < most)
        {
            runs.Add(new DueTime(time.Value, RunCause.Schedule));
            time = schedule.UpTo(time.Value.AddTicks(-1), anchor);
        }

        if (time is null || time <= noticed || policy == MisfirePolicy.Skip)
        {
            runs.Reverse();
            return new DueTimes(runs, last, false);
        }

        if (policy == MisfirePolicy.RunOnce)
        {
            runs.Add(new DueTime(time.Value, RunCause.Misfire));
        }

        var missed = 0;
        while (policy == MisfirePolicy.RunAll && time > noticed && missed < most)
        {
            missed++;
            runs.Add(new DueTime(time.Value, RunCause.CatchUp));
            time = schedule.UpTo(time.Value.AddTicks(-1), anchor);
        }

        runs.Reverse();
        return new DueTimes(runs, last, policy == MisfirePolicy.RunAll && time > noticed);
    }
}
