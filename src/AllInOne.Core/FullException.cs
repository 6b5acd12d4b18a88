namespace AllInOne.Core;

/// <summary>
/// There is no room left in a store; nothing was changed, and to repeat it helps only after something was deleted. Over HTTP it is 507.
/// The message is one sentence for a person, and names the limit.
/// </summary>
public sealed class FullException(string message) : Exception(message);
