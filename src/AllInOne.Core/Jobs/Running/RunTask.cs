using AllInOne.Core.Values;

namespace AllInOne.Core.Jobs.Running;

/// <summary>What an action is given.</summary>
/// <param name="Parameters">JSON, of an item; empty where there is none.</param>
/// <param name="Output">Where it may write to.</param>
internal sealed record RunTask(Run Run, Job Job, ReadOnlyMemory<byte> Parameters, RunOutput Output);

/// <summary>How a run ended.</summary>
internal readonly record struct RunResult(RunOutcome Outcome, string? Error = null)
{
    public static RunResult Good { get; } = new(RunOutcome.Succeeded);

    /// <summary>The error may contain the answer of a server or the output of a program, so it is cut.</summary>
    public static RunResult Bad(string error) => new(RunOutcome.Failed, Excerpt.Of(error, Excerpt.Message));
}
