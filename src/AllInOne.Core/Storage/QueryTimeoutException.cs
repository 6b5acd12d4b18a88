namespace AllInOne.Core.Storage;

/// <summary>A query was cancelled because it ran for longer than its limit. It needs an index, or a narrower filter.</summary>
public sealed class QueryTimeoutException(TimeSpan limit) : Exception($"The query was broken off after it had run for {limit}.");
