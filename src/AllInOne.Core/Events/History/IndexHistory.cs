using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Events.History;

/// <summary>
/// Extends the index by topic to all events. It adds them sorted, so each page is touched once per stretch.
/// It is queued after every <see cref="Stretch"/> events, and at the start.
/// </summary>
internal sealed class IndexHistory() : WriteOperation<SqliteSession>(default)
{
    /// <summary>
    /// The number of events in a stretch. A longer stretch gains little (measured: 2.6 times the speed of a plain index at 10,000, 3.0 at 50,000),
    /// and each page must scan it.
    /// </summary>
    public const int Stretch = 10_000;

    private const string Indexed = "(SELECT value FROM meta WHERE key = 'indexed')";

    private const string AddTopics =
        $"INSERT INTO topics (name) SELECT DISTINCT topic FROM events WHERE seq > {Indexed} ON CONFLICT (name) DO NOTHING";

    private const string AddEvents =
        $"""
        INSERT INTO history
        SELECT topics.id, events.time, events.seq FROM events JOIN topics ON topics.name = events.topic
        WHERE events.seq > {Indexed} ORDER BY 1, 2, 3
        """;

    private const string MarkIndexed =
        "UPDATE meta SET value = max(value, coalesce((SELECT max(seq) FROM events), 0)) WHERE key = 'indexed'";

    public override int Rows => 0;

    public override void Apply(SqliteSession session)
    {
        session[AddTopics].Run();
        session[AddEvents].Run();
        session[MarkIndexed].Run();
    }
}
