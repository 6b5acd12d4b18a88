namespace AllInOne.Core.Tests;

/// <summary>Waits for what nobody tells of, by looking again.</summary>
internal static class Until
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<bool> condition, Func<string>? otherwise = null)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!condition())
        {
            try
            {
                await pause.WaitForNextTickAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                Assert.Fail($"Not so within {Limit}: {otherwise?.Invoke()}");
            }
        }
    }
}
