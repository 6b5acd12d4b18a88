using AllInOne.Core.Backups;
using AllInOne.Core.Data;
using AllInOne.Core.Storage.Sqlite.Writing;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values;

using BackupsFacade = AllInOne.Core.Backups.Backups;

namespace AllInOne.Core.Tests.Backups;

/// <summary>A data directory with all its files and their running writers, and <c>/user/backups</c> beside them.</summary>
internal sealed class BackupsAtWork : IAsyncDisposable
{
    private readonly TreeAtWork _tree;

    public BackupsAtWork(BackupsOptions? options = null, string? directory = null)
    {
        var tree = new SystemTreeOptions { Backup = options ?? new BackupsOptions() };
        _tree = new TreeAtWork(tree, (_, spec) => [spec.Storage, spec.Backups], directory: directory).Open();
        foreach (var database in _tree.Parts.Storage.Databases)
        {
            using var session = database.File.OpenWriter();
            session["CREATE TABLE pairs (n INTEGER PRIMARY KEY)"].Run();
        }
    }

    public static TimeSpan Patience { get; } = Until.Limit;

    public BackupsFacade Backups => _tree.Parts.Backups.Backups;

    /// <summary>Gives the actor of the backups a new instance, as after a failure.</summary>
    public Task RestartAsync() => _tree.RestartAsync("/user/backups");

    public string Directory => Path.Combine(_tree.Directory, "backups");

    public SqliteWriter Main => _tree.Parts.Storage.Main.Writer;

    public SqliteWriter History => _tree.Parts.Storage.History.Writer;

    public static IEnumerable<string> FileNames => DataFiles.In("").Select(file => file.Name);

    /// <summary>Makes a backup and waits for its end. The actor may still be starting.</summary>
    public async Task<BackupSnapshot> MakeAsync()
    {
        await Until.TrueAsync(() => CanBegin(out _));
        CanBegin(out var run);
        return await run!.Ended.WaitAsync(Patience);
    }

    public bool CanBegin(out BackupRun? run)
    {
        try
        {
            run = Backups.Begin().Run;
            return true;
        }
        catch (UnavailableException)
        {
            run = null;
            return false;
        }
    }

    public string PathOf(BackupSnapshot backup) => Path.Combine(Directory, backup.Name.ToString());

    /// <summary>Writes megabytes that cannot be compressed, and waits for their commit.</summary>
    public static async Task PutBallastAsync(SqliteWriter writer, int megabytes)
    {
        var ballast = new Step(session =>
        {
            session["CREATE TABLE ballast (b BLOB)"].Run();
            for (var n = 0; n < megabytes; n++)
            {
                session["INSERT INTO ballast VALUES (randomblob(1048576))"].Run();
            }
        });
        writer.Queue.Enqueue(ballast);
        await ballast.Committed.WaitAsync(Patience);
    }

    /// <summary>Writes a row and waits for its commit.</summary>
    public static async Task PutAsync(SqliteWriter writer, long n)
    {
        var row = new Step(session => session["INSERT INTO pairs VALUES (?1) ON CONFLICT DO NOTHING"].Bind(1, n).Run());
        writer.Queue.Enqueue(row);
        await row.Committed.WaitAsync(Patience);
    }

    /// <summary>The rows of a restored directory.</summary>
    public static HashSet<long> Pairs(DataDirectory data, string file)
    {
        using var session = DataFiles.In(data.Path).Single(one => one.Name == file).OpenReader();
        return [.. session["SELECT n FROM pairs"].Rows(row => row.Int64(0))];
    }

    public ValueTask DisposeAsync() => _tree.DisposeAsync();

    private sealed class Step(Action<SqliteSession> work) : WriteOperation<SqliteSession>(default)
    {
        private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Committed => _committed.Task;

        public override void Apply(SqliteSession session) => work(session);

        public override void Answer() => _committed.TrySetResult();

        public override void Refuse(string reason) => _committed.TrySetException(new InvalidOperationException(reason));
    }
}
