namespace AllInOne.Core.Jobs.Definitions;

/// <summary>The failure of a schedule: it cannot calculate its times. The message becomes the problem of the job.</summary>
public sealed class ScheduleException(string message, Exception? cause = null) : Exception(message, cause);
