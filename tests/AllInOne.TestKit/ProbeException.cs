namespace AllInOne.TestKit;

/// <summary>What a test expected did not come.</summary>
public sealed class ProbeException(string message) : Exception(message);
