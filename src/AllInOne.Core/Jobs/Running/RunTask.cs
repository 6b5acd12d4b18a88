using AllInOne.Core.Values;

namespace AllInOne.Core.Jobs.Running;

/// <summary>The input of an action: the run, its job and its parameters.</summary>
/// <param name="Parameters">The JSON parameters of the item; empty if the run has no item.</param>
/// <param name="Output">The action writes its output here.</param>
internal sealed record RunTask(Run Run, Job Job, ReadOnlyMemory<byte> Parameters, RunOutput Output);

/// <summary>The result of a run.</summary>
internal readonly record struct RunResult(RunOutcome Outcome, string? Error = null)
{
    public static RunResult Good { get; } = new(RunOutcome.Succeeded);

    /// <summary>The error may contain the answer of a server or the output of a program, so it is cut.</summary>
    public static RunResult Bad(string error) => new(RunOutcome.Failed, Excerpt.Of(error, Excerpt.Message));
}
