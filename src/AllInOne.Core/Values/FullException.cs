namespace AllInOne.Core.Values;

/// <summary>
/// A store is full. The operation changed nothing; a repetition can succeed only after something was deleted. Over HTTP the status is 507.
/// The message is one sentence for a person, and names the limit.
/// </summary>
public sealed class FullException(string message) : Exception(message);
