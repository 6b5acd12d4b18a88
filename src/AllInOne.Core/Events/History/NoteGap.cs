using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Events.History;

/// <summary>Stores the end of a gap in history, so that the next process knows it, too.</summary>
/// <param name="floor">Returns the end of the gap. It is called during the write, because more events may have been refused meanwhile.</param>
/// <param name="noted">Called with the stored value.</param>
internal sealed class NoteGap(Func<long> floor, Action<long> noted) : WriteOperation<SqliteSession>(default)
{
    private long _floor;

    public override int Rows => 0;

    public override void Apply(SqliteSession session)
    {
        _floor = floor();
        HistoryQueries.RaiseFloor(session, _floor);
    }

    public override void Answer() => noted(_floor);
}
