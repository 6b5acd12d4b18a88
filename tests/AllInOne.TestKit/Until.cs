namespace AllInOne.TestKit;

/// <summary>Waits for what nobody tells of, by looking again.</summary>
public static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    /// <exception cref="TimeoutException">It is not so within the limit; <paramref name="otherwise"/> says how it is instead.</exception>
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
