using System.Diagnostics;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>Waits for a change by another process: asks repeatedly until it has happened or the time is up.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is true. A failed connection counts as false.</summary>
    /// <param name="isSo">Asks the question.</param>
    /// <param name="otherwise">Returns what is missing when the time is up.</param>
    /// <param name="limit">The time limit; <see cref="Until.Limit"/> when null.</param>
    public static async Task Async(Func<Task<bool>> isSo, Func<string> otherwise, TimeSpan? limit = null)
    {
        var watch = Stopwatch.StartNew();
        using var pause = new PeriodicTimer(Pause);
        while (!await IsSoAsync(isSo))
        {
            Assert.True(watch.Elapsed < (limit ?? Until.Limit), otherwise());
            await pause.WaitForNextTickAsync();
        }
    }

    private static async Task<bool> IsSoAsync(Func<Task<bool>> isSo)
    {
        try
        {
            return await isSo();
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException)
        {
            return false;
        }
    }
}
