namespace AllInOne.Core.Values;

/// <summary>
/// Something cannot be done now and may be tried again soon: a queue is full, a limit is reached, an answer did not come in time.
/// Over HTTP it is 503 with Retry-After. The message is one sentence for a person.
/// </summary>
public sealed class UnavailableException(string message, Exception? inner = null) : Exception(message, inner);
