namespace AllInOne.Server.Hosting;

/// <summary>Something that the configuration names cannot be had: a port, a directory. The message is one line for the operator.</summary>
internal sealed class StartFailedException(string message, Exception? inner = null) : Exception(message, inner);
