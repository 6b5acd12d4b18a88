namespace AllInOne.Core.Storage;

/// <summary>A query ran for longer than it may and was broken off: it needs an index, or a narrower filter.</summary>
public sealed class QueryTimeoutException(TimeSpan limit) : Exception($"The query was broken off after it had run for {limit}.");
