namespace AllInOne.Core.Feeds;

/// <summary>The feed's port cannot be used. The message is one line that names the key and the address.</summary>
public sealed class FeedListenException(string message, Exception cause) : Exception(message, cause);
