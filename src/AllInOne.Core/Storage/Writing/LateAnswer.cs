namespace AllInOne.Core.Storage.Writing;

/// <summary>How long somebody waits for the outcome of what is under way.</summary>
internal static class LateAnswer
{
    /// <exception cref="UnavailableException">It has not come in time: what is under way may still be done.</exception>
    public static async Task<T> WaitAsync<T>(Task<T> answer, TimeProvider clock, TimeSpan limit, CancellationToken cancel)
    {
        try
        {
            return await answer.WaitAsync(limit, clock, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new UnavailableException($"Not known to be done within {limit}; it may still be.", late);
        }
    }
}
