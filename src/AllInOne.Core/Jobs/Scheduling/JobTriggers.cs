using AllInOne.Core.Jobs.Definitions;
using Quartz;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>
/// Schedules as Quartz' triggers. Quartz keeps the time and nothing else: all triggers belong to one job, which passes the word on.
/// </summary>
internal static class JobTriggers
{
    public static JobKey Bell { get; } = new("bell");

    public static TriggerKey KeyOf(string job) => new(job);

    /// <summary>From now on; null where no time comes any more.</summary>
    /// <param name="failed">Is called when the schedule fails; then the trigger has no more times.</param>
    public static ITrigger? Of(Job job, TimeProvider clock, Action<Job, ScheduleException> failed)
    {
        if (!job.IsActive || job.Definition.Schedule is not { } schedule)
        {
            return null;
        }

        var trigger = new ScheduleTrigger(KeyOf(job.Id), Bell, clock, After);
        return trigger.MayFireAgain ? trigger : null;

        DateTimeOffset? After(DateTimeOffset time)
        {
            try
            {
                return schedule.After(time, job.Anchor);
            }
            catch (ScheduleException fault)
            {
                failed(job, fault);
                return null;
            }
        }
    }
}
