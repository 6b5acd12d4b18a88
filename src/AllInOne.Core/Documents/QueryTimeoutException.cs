namespace AllInOne.Core.Documents;

/// <summary>A query took longer than <see cref="DocumentsOptions.QueryTimeout"/> and was broken off: it wants an index, or a narrower filter.</summary>
public sealed class QueryTimeoutException(TimeSpan limit, Exception? inner = null)
    : Exception($"The query was broken off after {limit}.", inner);
