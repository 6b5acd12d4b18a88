using AllInOne.Core.Values;

namespace AllInOne.Core.Storage.Writing;

/// <summary>Limits how long a caller waits for the outcome of a pending operation.</summary>
internal static class LateAnswer
{
    /// <param name="writer">Of the file that is waited for: where it cannot be written, the exception says why.</param>
    /// <exception cref="UnavailableException">It has not come in time: what is under way may still be done.</exception>
    public static async Task<T> WaitAsync<T>(Task<T> answer, TimeProvider clock, TimeSpan limit, CancellationToken cancel, SqliteWriter? writer = null)
    {
        try
        {
            return await answer.WaitAsync(limit, clock, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new UnavailableException($"Not known to be done within {limit}; it may still be.{writer?.Status.Health.Because}", late);
        }
    }
}
