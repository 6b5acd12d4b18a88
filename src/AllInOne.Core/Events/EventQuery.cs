namespace AllInOne.Core.Events;

/// <summary>The query of a long poll.</summary>
/// <param name="Since">The last sequence number that the caller has seen; null for now.</param>
/// <param name="Timeout">How long to wait if no event matches: 0 to 60 seconds.</param>
/// <param name="Limit">The maximum number of events, 1 or more.</param>
public sealed record EventQuery(long? Since, TimeSpan Timeout, int Limit, TopicFilter Topics)
{
    public const int DefaultLimit = 500;
    public const int MaxLimit = 5000;

    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(30);
    public static readonly TimeSpan MaxTimeout = TimeSpan.FromSeconds(60);
}
