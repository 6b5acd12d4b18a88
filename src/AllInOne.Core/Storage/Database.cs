using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Sqlite.Writing;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values.Times;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Storage;

/// <summary>
/// One database file in use: the file, its one writer with the queue, and its reader connections. Stores are built on it. It outlives the actors.
/// <see cref="Name"/> is also the name of the writer's actor below <c>/user/storage</c>.
/// </summary>
internal sealed class Database : IDisposable
{
    private Database(SqliteFile file, StorageOptions options, TimeProvider time)
    {
        Name = Path.GetFileNameWithoutExtension(file.Name);
        File = file;
        Clock = new SteadyClock(time);
        var stored = ReadMark(file);
        Behind = stored is { } mark ? Clock.Continue(mark) : TimeSpan.Zero;
        Writer = new SqliteWriter(file, options, time, Clock, stored);
        Readers = new SqliteReaders(file, options);
    }

    /// <summary>The name of the file without <c>.db</c>.</summary>
    public string Name { get; }

    public SqliteFile File { get; }

    /// <summary>The clock of the file's leases, times to live and delays. It continues after a restart.</summary>
    public SteadyClock Clock { get; }

    /// <summary>
    /// How far the wall clock was behind the last commit when the file was opened, because it was set back during the downtime. Zero if it was not.
    /// </summary>
    public TimeSpan Behind { get; }

    public SqliteWriter Writer { get; }

    public SqliteReaders Readers { get; }

    /// <summary>Opens or creates the file and updates its schema. Nothing else is written before the writer's actor starts.</summary>
    /// <exception cref="StorageException">The file cannot be used, or comes from a newer version.</exception>
    public static Database Open(SqliteFile file, StorageOptions options, TimeProvider time)
    {
        file.Prepare();
        return new Database(file, options, time);
    }

    private static ClockMark? ReadMark(SqliteFile file)
    {
        try
        {
            using var session = file.OpenReader();
            return CommitMark.ClockOf(session);
        }
        catch (SqliteException broken)
        {
            throw SqliteFault.AtStart(file.Path, broken);
        }
    }

    /// <summary>Closes the file. Queued writes are lost, so stop <c>/user/storage</c> first, which commits them.</summary>
    public void Dispose() =>
        // Merge the WAL, whichever connection was closed last, so that a copy of the file has all data.
        Disposal.Run(Readers.Dispose, Writer.Dispose, File.MergeLog);
}
