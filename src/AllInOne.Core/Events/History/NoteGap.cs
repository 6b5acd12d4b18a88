using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Events.History;

/// <summary>Stores how far history has a gap, so that the next run of the program knows it, too.</summary>
/// <param name="floor">Asked when it is written: more may have been left out while it waited.</param>
/// <param name="noted">Told what is stored.</param>
internal sealed class NoteGap(Func<long> floor, Action<long> noted) : WriteOperation(default)
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
