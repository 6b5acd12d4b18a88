using AllInOne.Core.Values;

namespace AllInOne.Core.Storage.Writing;

/// <summary>Limits how long a caller waits for the outcome of a pending operation.</summary>
internal static class LateAnswer
{
    /// <param name="status">The status of the writer of the file. If the file cannot be written, the message of the exception has the reason.</param>
    /// <exception cref="UnavailableException">The outcome did not come in time. The operation may still be done.</exception>
    public static async Task<T> WaitAsync<T>(Task<T> answer, TimeProvider clock, TimeSpan limit, CancellationToken cancel, WriterStatus? status = null)
    {
        try
        {
            return await answer.WaitAsync(limit, clock, cancel).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new UnavailableException($"Not known to be done within {limit}; it may still be.{status?.Health.Because}", late);
        }
    }
}
