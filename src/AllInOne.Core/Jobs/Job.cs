using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Core.Jobs;

/// <summary>A job: its definition with the data that the server keeps about it. Immutable.</summary>
/// <param name="Version">The version of the definition. It grows with each change and is never used twice for one id.</param>
/// <param name="Anchor">The moment from which its schedule applies.</param>
/// <param name="Paused">Whether it is paused: until it is resumed, no time comes due, and its items wait.</param>
/// <param name="BuiltIn">Whether it comes from the configuration and cannot be changed or deleted.</param>
/// <param name="Problem">
/// The reason why it does not run until it is put again: its stored definition cannot be read on this machine or by this version, or its schedule has
/// failed.
/// </param>
public sealed record Job(
    JobId Id, long Version, JobDefinition Definition, DateTimeOffset Created, DateTimeOffset Updated, DateTimeOffset Anchor, bool Paused, bool BuiltIn,
    string? Problem = null)
{
    /// <summary>The topic of its events.</summary>
    public string Topic => $"jobs/{Id}";

    /// <summary>Whether its times come due and its items run.</summary>
    public bool IsActive => Definition.Enabled && !Paused && Problem is null;

    /// <summary>Notes about valid parts that may mean something else than the author expects: the path of the member, and a reason.</summary>
    public IReadOnlyList<string> Notes => Definition.Schedule switch
    {
        JobSchedule.Cron cron => [.. cron.Notes.Select(note => $"schedule.cron: {note}")],
        JobSchedule.At { Time: var time } when time <= Anchor => ["schedule.at: never comes, because the time had passed when it was set"],
        _ => [],
    };

    /// <summary>
    /// Returns its next times after <paramref name="time"/>, at most <paramref name="count"/>; none while it is paused or not enabled. If the schedule fails,
    /// the list ends before the failure.
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
            // The clock actor will meet the same failure when this time comes, and it becomes the problem of the job.
        }

        return times;
    }
}
