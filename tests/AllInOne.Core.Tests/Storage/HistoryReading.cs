using AllInOne.Core.Events;
using AllInOne.Core.Events.History;

namespace AllInOne.Core.Tests.Storage;

/// <summary>Reads all stored events of a store, of all topics.</summary>
internal static class HistoryReading
{
    /// <summary>The events after <paramref name="since"/>, read page by page, because a page also ends at a number of bytes.</summary>
    public static async Task<IReadOnlyList<LogEntry>> EventsAsync(this HistoryStore store, long since = 0, int limit = int.MaxValue)
    {
        List<LogEntry> events = [];
        while (events.Count < limit)
        {
            var page = await store.ReadEventsAsync(since, 1000, limit - events.Count, TopicFilter.Everything, CancellationToken.None);
            if (page.Examined == 0)
            {
                break;
            }

            events.AddRange(page.Entries);
            since = page.Last;
        }

        return events;
    }
}
