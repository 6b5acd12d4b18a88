using AllInOne.Core.Jobs.Definitions;
using Quartz;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>
/// Makes Quartz triggers from schedules. Quartz only keeps the time: all triggers belong to one Quartz job (<see cref="DueJob"/>), which reports the due job.
/// </summary>
internal static class JobTriggers
{
    public static JobKey DueJobKey { get; } = new("due");

    public static TriggerKey KeyOf(JobId job) => new(job.Value);

    /// <summary>The trigger of a job, starting now; null if the schedule has no more times.</summary>
    /// <param name="failed">Is called when the schedule fails; then the trigger has no more times.</param>
    public static ITrigger? Of(Job job, TimeProvider clock, Action<Job, ScheduleException> failed)
    {
        if (!job.IsActive || job.Definition.Schedule is not { } schedule)
        {
            return null;
        }

        var trigger = new ScheduleTrigger(KeyOf(job.Id), DueJobKey, clock, After);
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
