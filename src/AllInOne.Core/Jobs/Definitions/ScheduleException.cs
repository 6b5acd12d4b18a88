namespace AllInOne.Core.Jobs.Definitions;

/// <summary>A schedule cannot say its times. The message says why; it becomes the problem of the job.</summary>
public sealed class ScheduleException(string message, Exception? cause = null) : Exception(message, cause);
