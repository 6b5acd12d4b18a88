using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>One time for which a job is to run now.</summary>
internal readonly record struct DueTime(DateTimeOffset Time, RunCause Cause);

/// <summary>
/// The runs of a job that are due at this moment: a pure calculation. A time that is late by more than the threshold is missed: the server was stopped, was
/// suspended or could not keep up. The misfire policy decides about missed times; the other times are on time.
/// </summary>
/// <param name="Runs">The runs in the order of their times.</param>
/// <param name="CheckedUpTo">Times up to this one need no further check; null if no time is due.</param>
/// <param name="Dropped">Whether there were more missed times than may wait.</param>
internal sealed record DueTimes(IReadOnlyList<DueTime> Runs, DateTimeOffset? CheckedUpTo, bool Dropped)
{
    private static readonly DueTimes Nothing = new([], null, false);

    /// <param name="checkedUpTo">Times up to this one are handled already.</param>
    /// <param name="most">The maximum number of missed times to catch up with. If there are more, the oldest are skipped.</param>
    public static DueTimes Of(
        JobSchedule schedule, DateTimeOffset anchor, DateTimeOffset checkedUpTo, DateTimeOffset now, MisfirePolicy policy, TimeSpan threshold, int most)
    {
        // Calculate from the latest time backwards, so that the work depends on the number of runs, not on the length of the downtime.
        var last = schedule.UpTo(now, anchor);
        if (last is null || last <= checkedUpTo)
        {
            return Nothing;
        }

        var runs = new List<DueTime>();
        var time = last;
        while (time > checkedUpTo && time >= now - threshold && runs.Count < most)
        {
            runs.Add(new DueTime(time.Value, RunCause.Schedule));
            time = schedule.UpTo(time.Value.AddTicks(-1), anchor);
        }

        if (time is null || time <= checkedUpTo || policy == MisfirePolicy.Skip)
        {
            runs.Reverse();
            return new DueTimes(runs, last, false);
        }

        if (policy == MisfirePolicy.RunOnce)
        {
            runs.Add(new DueTime(time.Value, RunCause.Misfire));
        }

        var missed = 0;
        while (policy == MisfirePolicy.RunAll && time > checkedUpTo && missed < most)
        {
            missed++;
            runs.Add(new DueTime(time.Value, RunCause.CatchUp));
            time = schedule.UpTo(time.Value.AddTicks(-1), anchor);
        }

        runs.Reverse();
        return new DueTimes(runs, last, policy == MisfirePolicy.RunAll && time > checkedUpTo);
    }
}
