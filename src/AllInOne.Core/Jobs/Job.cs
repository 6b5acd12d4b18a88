using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs;

/// <summary>A job as it is now.</summary>
/// <param name="Version">Of the definition; grows with each change, and is never used twice for one id.</param>
/// <param name="Anchor">Since when its schedule has held.</param>
/// <param name="Paused">No time falls due, and what is enqueued waits, until it is resumed.</param>
/// <param name="BuiltIn">It comes from the configuration and cannot be changed or deleted.</param>
/// <param name="Problem">Why it does nothing until it is put anew: its stored definition cannot be read, on this machine or by this version, or its schedule has failed.</param>
public sealed record Job(
    string Id, long Version, JobDefinition Definition, DateTimeOffset Created, DateTimeOffset Updated, DateTimeOffset Anchor, bool Paused, bool BuiltIn,
    string? Problem = null)
{
    /// <summary>Where its events are told.</summary>
    public string Topic => $"jobs/{Id}";

    /// <summary>Whether times fall due and items are taken.</summary>
    public bool IsActive => Definition.Enabled && !Paused && Problem is null;

    /// <summary>What is taken as it is, but may mean something else than its author thinks: the path of the member, and a reason.</summary>
    public IReadOnlyList<string> Notes => Definition.Schedule switch
    {
        JobSchedule.Cron cron => [.. cron.Notes.Select(note => $"schedule.cron: {note}")],
        JobSchedule.At { Time: var time } when time <= Anchor => ["schedule.at: never comes, because the time had passed when it was set"],
        _ => [],
    };

    /// <summary>
    /// Its next times after <paramref name="time"/>, at most <paramref name="count"/>; none while it is paused or not enabled. A schedule that fails
    /// has the times until then.
    /// </summary>
    public IReadOnlyList<DateTimeOffset> Next(DateTimeOffset time, int count)
    {
        var times = new List<DateTimeOffset>();
        var last = time;
        try
        {
            while (IsActive && times.Count < count && Definition.Schedule?.After(last, Anchor) is { } next)
            {
                times.Add(last = next);
            }
        }
        catch (ScheduleException)
        {
            // The clock comes to this time, and then it is the job's problem.
        }

        return times;
    }
}
