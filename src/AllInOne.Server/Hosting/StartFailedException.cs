namespace AllInOne.Server.Hosting;

/// <summary>
/// The exception for a port or a directory of the configuration that is not available. Its message is one line for the administrator.
/// </summary>
internal sealed class StartFailedException(string message, Exception? inner = null) : Exception(message, inner);
