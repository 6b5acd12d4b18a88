namespace AllInOne.Core.Values;

/// <summary>
/// An operation cannot be done now, and a client may try it again soon: a queue is full, a limit is reached, or an answer did not come in time. Over
/// HTTP the status is 503 with Retry-After. The message is one sentence for a person.
/// </summary>
public sealed class UnavailableException(string message, Exception? inner = null) : Exception(message, inner);
