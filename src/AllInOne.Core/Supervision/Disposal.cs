using System.Runtime.ExceptionServices;

namespace AllInOne.Core.Supervision;

/// <summary>
/// Disposes of an object that owns several parts. All steps run in order, even if some of them throw. The first exception is thrown after the
/// last step.
/// </summary>
public static class Disposal
{
    /// <summary>Runs the steps one after another.</summary>
    public static void Run(params IEnumerable<Action> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ExceptionDispatchInfo? first = null;
        foreach (var step in steps)
        {
            try
            {
                step();
            }
            catch (Exception failure)
            {
                first ??= ExceptionDispatchInfo.Capture(failure);
            }
        }

        first?.Throw();
    }

    /// <inheritdoc cref="Run"/>
    public static async Task RunAsync(params IEnumerable<Func<Task>> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        ExceptionDispatchInfo? first = null;
        foreach (var step in steps)
        {
            try
            {
                await step().ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                first ??= ExceptionDispatchInfo.Capture(failure);
            }
        }

        first?.Throw();
    }
}
