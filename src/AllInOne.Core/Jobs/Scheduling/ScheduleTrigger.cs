using Quartz;
using Quartz.Impl.Triggers;

namespace AllInOne.Core.Jobs.Scheduling;

/// <summary>
/// Quartz' trigger for any schedule: it fires at the times of a function. Late times fire once, because a firing only means "check this job". The
/// check then finds all times that are due (<see cref="DueTimes"/>).
/// </summary>
internal sealed class ScheduleTrigger : TriggerBase
{
    private const int FireLateTimes = -1;

    private readonly TimeProvider _clock;
    private readonly Func<DateTimeOffset, DateTimeOffset?> _after;

    /// <param name="after">Returns the first time that is later than the given one; null if there is none.</param>
    public ScheduleTrigger(TriggerKey key, JobKey job, TimeProvider clock, Func<DateTimeOffset, DateTimeOffset?> after)
        : base(clock)
    {
        (_clock, _after) = (clock, after);
        (Key, JobKey, StartTimeUtc, MisfireInstructionCode) = (key, job, clock.GetUtcNow(), FireLateTimes);
        NextFireTimeUtc = after(StartTimeUtc);
    }

    public override DateTimeOffset? NextFireTimeUtc { get; set; }

    public override DateTimeOffset? PreviousFireTimeUtc { get; set; }

    public override DateTimeOffset? FinalFireTimeUtc => null;

    public override bool MayFireAgain => NextFireTimeUtc is not null;

    protected override bool HasMillisecondPrecision => true;

    public override DateTimeOffset? ComputeFirstFireTimeUtc(ICalendar? calendar) => NextFireTimeUtc;

    public override DateTimeOffset? GetFireTimeAfter(DateTimeOffset? afterTimeUtc) => _after(afterTimeUtc ?? _clock.GetUtcNow());

    public override void Triggered(ICalendar? calendar)
    {
        var (fired, now) = (NextFireTimeUtc!.Value, _clock.GetUtcNow());
        PreviousFireTimeUtc = fired;
        NextFireTimeUtc = _after(now > fired ? now : fired);
    }

    public override void UpdateAfterMisfire(ICalendar? calendar)
    {
    }

    public override void UpdateWithNewCalendar(ICalendar calendar, TimeSpan misfireThreshold)
    {
    }

    public override IScheduleBuilder GetScheduleBuilder() => throw new NotSupportedException("A trigger of a job's schedule is not built anew by Quartz.");

    protected override bool ValidateMisfireInstruction(int misfireInstruction) => misfireInstruction == FireLateTimes;
}
