using System.Globalization;

namespace AllInOne.TestKit;

/// <summary>Waits for a condition without an event: it is checked every 10 ms.</summary>
public static class Until
{
    /// <summary>
    /// The time limit of every wait in a test: a minute, or <c>ALLINONE_TEST_SECONDS</c> seconds. A correct program needs a small part of it;
    /// a busy machine may need more.
    /// </summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(
        int.TryParse(Environment.GetEnvironmentVariable("ALLINONE_TEST_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : 60);

    /// <exception cref="TimeoutException">
    /// The condition is not true within the limit; <paramref name="otherwise"/> gives the state instead.
    /// </exception>
    public static Task TrueAsync(Func<bool> condition, Func<string>? otherwise = null) => TrueAsync(() => Task.FromResult(condition()), otherwise);

    /// <inheritdoc cref="TrueAsync(Func{bool}, Func{string}?)"/>
    public static async Task TrueAsync(Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition())
        {
            try
            {
                await pause.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"Not so within {Limit}: {otherwise?.Invoke()}");
            }
        }
    }
}
