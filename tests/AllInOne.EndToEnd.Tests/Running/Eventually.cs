using System.Diagnostics;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>Waits for something that another process does, by asking again until it is so or the time is up.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Asks until the answer is true. An error of the connection counts as no.</summary>
    /// <param name="isSo">The question.</param>
    /// <param name="otherwise">Says what is missing when the time is up.</param>
    /// <param name="limit">How long to ask; <see cref="Until.Limit"/> when null.</param>
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
