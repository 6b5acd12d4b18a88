using System.Text;
using Akka.Actor;
using AllInOne.Core.Data;
using AllInOne.Core.Events;
using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using AllInOne.Core.Values.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests.Storage;

/// <summary>A separate data directory with history.db, and the actors of the writer if a test starts them.</summary>
internal sealed class StorageAtWork : IAsyncDisposable
{
    private readonly Lazy<ActorSystem> _system = new(() => TestSystem.Create("storage-tests"));
    private readonly TemporaryDirectory _root = new();
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _log;
    private readonly string _directory;
    private TreeParts _parts;

    public StorageAtWork(
        StorageOptions? options = null, TimeProvider? clock = null, string? directory = null,
        ILoggerFactory? log = null)
    {
        _clock = clock ?? TimeProvider.System;
        _log = log ?? NullLoggerFactory.Instance;
        Options = options ?? new StorageOptions { RetryDelay = TimeSpan.FromMilliseconds(5), MaxRetryDelay = TimeSpan.FromMilliseconds(20) };
        _directory = directory ?? _root["data"];
        _parts = OpenParts();
    }

    /// <summary>A time limit that is long enough for a loaded machine.</summary>
    public static TimeSpan Patience { get; } = Until.Limit;

    public StorageOptions Options { get; }

    public DataDirectory Data => _parts.Data;

    public Readiness Readiness => _parts.Readiness;

    public HistoryStore Store => _parts.Storage.History;

    public Database Main => _parts.Storage.Main;

    public IActorRef Supervisor { get; private set; } = ActorRefs.Nobody;

    public string HistoryFile => Data.File(HistoryStore.FileName);

    public static EntityId Id(string text) => EntityId.Parse(text);

    public static LogEntry Event(long seq, string id, long version, DateTimeOffset? time = null) => new EventEncoder().Encode(
        time ?? DateTimeOffset.UnixEpoch.AddSeconds(seq),
        $"entities/{id}",
        "changed",
        Encoding.UTF8.GetBytes($$"""{"id":"{{id}}","version":{{version}}}""")).Number(seq);

    /// <param name="name">Another name after a stop, because the old name may not be free yet.</param>
    public StorageAtWork Started(string name = StorageModule.Name)
    {
        Supervisor = _system.Value.ActorOf(new TreeSpec(_parts).Storage.Props, name);
        return this;
    }

    public async Task StoppedAsync() => Assert.True(await Supervisor.GracefulStop(Patience));

    public TestProbe Probe() => _system.Value.CreateProbe();

    public Task<IActorRef> Writer() => _system.Value.ActorSelection("/user/storage/history").ResolveOne(Until.Limit);

    public static void Restart(IActorRef actor)
    {
        var cell = (IInternalActorRef)actor;
        cell.Suspend();
        cell.Restart(new InvalidOperationException("restarted by a test"));
    }

    /// <summary>Completes when all queued operations are committed.</summary>
    public async Task Settled()
    {
        var probe = Probe();
        Store.Barrier(new Receipt(probe.Ref, 1));
        await probe.ExpectMsgAsync<Committed>(Patience);
    }

    /// <summary>Writes all queued operations, without any actor.</summary>
    public void WriteHere()
    {
        while (Store.Writer.Queue.Take() is { } batch)
        {
            var outcome = Store.Writer.Write(batch);
            Assert.Null(outcome.Fault);
            Store.Writer.Settle(outcome, broken => throw broken);
        }
    }

    public void Append(long seq, string id, long version, Receipt receipt = default, string state = "21.5", DateTimeOffset? time = null)
    {
        var entry = Event(seq, id, version, time);
        Append(entry, new EntityRow(Id(id), version, entry.Data, JsonText.FromText(state)), receipt);
    }

    /// <summary>Queues an event that deletes the snapshot.</summary>
    public void AppendDeletion(long seq, string id, long version) => Append(Event(seq, id, version), new EntityRow(Id(id), version, Data: null));

    public void Append(LogEntry entry, EntityRow? row, Receipt receipt = default) =>
        Store.Append(new AppendEvent(entry, row, receipt, Store.NoteRefused));

    /// <summary>Closes and opens the files, as a stop and a start of the program.</summary>
    public void Reopen()
    {
        _parts.Dispose();
        _parts = OpenParts();
    }

    /// <summary>The events after <paramref name="since"/>, read page by page, because a page also ends at a number of bytes.</summary>
    public Task<IReadOnlyList<LogEntry>> Events(long since = 0, int limit = int.MaxValue) => Store.EventsAsync(since, limit);

    /// <summary>Reads the committed snapshot with a separate reader.</summary>
    public EntityRow? Stored(string id)
    {
        using var session = Store.Writer.File.OpenReader();
        var read = new ReadEntity(Id(id), ActorRefs.Nobody);
        read.Apply(session);
        return read.Row;
    }

    internal void Enqueue(WriteOperation<SqliteSession> operation) => Store.Writer.Queue.Enqueue(operation);

    private TreeParts OpenParts()
    {
        var parts = new TreeParts(new SystemTreeOptions { Data = { Directory = _directory }, Storage = Options }, _clock, _log);
        try
        {
            _ = parts.Storage;
            return parts;
        }
        catch
        {
            parts.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_system.IsValueCreated)
        {
            await _system.Value.Terminate();
        }

        _parts.Dispose();
        _root.Dispose();
    }
}
