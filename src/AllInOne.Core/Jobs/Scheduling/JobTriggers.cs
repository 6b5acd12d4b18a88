using AllInOne.Core.Jobs.Definitions;
using Quartz;
using Quartz.Impl.Triggers;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>
/// A schedule as Quartz' trigger. Quartz keeps the time and nothing else: it fires whatever is late (what becomes of that is
/// <see cref="DueTimes"/>' to say), and all triggers belong to one job, which passes the word on.
/// </summary>
internal static class JobTriggers
{
    private const int FireWhatIsLate = -1;

    public static JobKey Bell { get; } = new("bell");

    public static TriggerKey KeyOf(string job) => new(job);

    /// <summary>From now on; null where no time comes any more.</summary>
    public static ITrigger? Of(Job job, TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        if (!job.IsActive || job.Definition.Schedule is not { } schedule || schedule.After(now, job.Anchor) is not { } next)
        {
            return null;
        }

        return schedule switch
        {
            JobSchedule.Cron cron => new CronTriggerImpl(clock)
            {
                Key = KeyOf(job.Id),
                JobKey = Bell,
                CronExpression = cron.Expression,
                StartTimeUtc = next.AddSeconds(-1),
                MisfireInstructionCode = FireWhatIsLate,
            },
            JobSchedule.Every every => Simple(job.Id, next, every.Interval, SimpleTriggerImpl.RepeatIndefinitely, clock),
            _ => Simple(job.Id, next, TimeSpan.Zero, 0, clock),
        };
    }

    private static SimpleTriggerImpl Simple(string id, DateTimeOffset start, TimeSpan interval, int repeat, TimeProvider clock) => new(clock)
    {
        Key = KeyOf(id),
        JobKey = Bell,
        StartTimeUtc = start,
        RepeatInterval = interval,
        RepeatCount = repeat,
        MisfireInstructionCode = FireWhatIsLate,
    };
}
