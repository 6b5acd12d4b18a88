using Akka.Actor;
using AllInOne.Core.Backups;
using AllInOne.Core.Data;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging.Abstractions;

using BackupsFacade = AllInOne.Core.Backups.Backups;

namespace AllInOne.Core.Tests.Backups;

/// <summary>A data directory with all its files and writers at work, and <c>/user/backups</c> beside them.</summary>
internal sealed class BackupsAtWork : IAsyncDisposable
{
    private readonly ActorSystem _system = TestSystem.Create("backups-tests");
    private readonly TemporaryDirectory _root = new();
    private readonly DataDirectory _data;
    private readonly StorageModule _storage;
    private readonly BackupsModule _backups;
    private readonly IActorRef _writers;

    public BackupsAtWork(BackupsOptions? options = null, string? directory = null)
    {
        DeadLetterRefusal.Start(_system);
        _data = DataDirectory.Claim(directory ?? _root["data"]);
        _storage = new StorageModule(_data, new StorageOptions(), TimeProvider.System, new Readiness(), NullLoggerFactory.Instance);
        _backups = new BackupsModule(
            _data.Path, options ?? new BackupsOptions(), [.. _storage.Databases.Select(one => one.Writer)], TimeProvider.System, new Readiness(),
            NullLoggerFactory.Instance);
        _writers = _system.ActorOf(new TreeSpec(new SupervisionOptions(), new Readiness(), NullLoggerFactory.Instance).Storage(_storage, new StorageOptions()).Props, StorageModule.Name);
        Maker = _system.ActorOf(TreeSpec.Backups(_backups).Props, BackupsModule.Name);
        foreach (var database in _storage.Databases)
        {
            using var session = database.File.OpenWriter();
            session["CREATE TABLE pairs (n INTEGER PRIMARY KEY)"].Run();
        }
    }

    public static TimeSpan Patience { get; } = Until.Limit;

    public BackupsFacade Backups => _backups.Backups;

    public IActorRef Maker { get; }

    public string Directory => Path.Combine(_data.Path, "backups");

    public SqliteWriter Main => _storage.Main.Writer;

    public SqliteWriter History => _storage.History.Writer;

    public static IEnumerable<string> FileNames => DataFiles.In("").Select(file => file.Name);

    /// <summary>Makes one and waits for its end; the actor may just be starting.</summary>
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

    /// <summary>Writes megabytes that no archive makes smaller, and waits for their commit.</summary>
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

    public async ValueTask DisposeAsync()
    {
        await _writers.GracefulStop(Patience);
        await _system.Terminate();
        _storage.Dispose();
        _data.Dispose();
        _root.Dispose();
    }

    private sealed class Step(Action<SqliteSession> work) : WriteOperation(default)
    {
        private readonly TaskCompletionSource _committed = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Committed => _committed.Task;

        public override void Apply(SqliteSession session) => work(session);

        public override void Answer() => _committed.TrySetResult();

        public override void Refuse(string reason) => _committed.TrySetException(new InvalidOperationException(reason));
    }
}
