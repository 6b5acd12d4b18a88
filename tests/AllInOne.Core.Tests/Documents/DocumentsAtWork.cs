using Akka.Actor;
using AllInOne.Core.Data;
using AllInOne.Core.Documents;
using AllInOne.Core.Events;
using AllInOne.Core.Live;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests.Documents;

/// <summary>A data directory of its own with the documents in it, and the actors that write them.</summary>
internal sealed class DocumentsAtWork : IAsyncDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly TimeProvider _clock;
    private readonly DataDirectory _data;
    private readonly StorageOptions _options;
    private ActorSystem _system;
    private StorageModule _storage;

    public DocumentsAtWork(TimeProvider? clock = null, StorageOptions? storage = null)
    {
        _options = storage ?? new StorageOptions();
        _clock = clock ?? TimeProvider.System;
        _data = DataDirectory.Claim(_root["data"]);
        (_system, _storage, Documents) = Open();
    }

    public DocumentsOptions Options { get; } = new() { WriteTimeout = Until.Limit };

    public DocumentStore Documents { get; private set; }

    public Database Database => _storage.Main;

    public async Task<Collection> CollectionAsync(string name = "things", CollectionDefinition? definition = null) =>
        (await Documents.DefineAsync(CollectionName.Parse(name), definition ?? CollectionDefinition.Plain, CancellationToken.None))!.Value.Collection;

    /// <summary>Gives the writer of the documents a new instance, as after a failure.</summary>
    public async Task RestartWriterAsync()
    {
        var writer = (IInternalActorRef)await _system.ActorSelection("/user/storage/allinone").ResolveOne(Until.Limit);
        writer.Suspend();
        writer.Restart(new InvalidOperationException("restarted by a test"));
    }

    /// <summary>Holds allinone.db as another program would that writes to it, until it is disposed of.</summary>
    public IDisposable HoldTheFile()
    {
        var other = new SqliteConnection($"Data Source={_data.File("allinone.db")};Pooling=False");
        other.Open();
        using var begin = other.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        return other;
    }

    public IActorRef StartRetention()
    {
        var (documents, options, readiness) = (Documents, Options, new Readiness());
        return _system.ActorOf(Props.Create(() => new DocumentRetentionActor(documents, options, readiness, NullLogger.Instance)), "retention");
    }

    /// <summary>As after a stop and a start of the program.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        (_system, _storage, Documents) = Open();
    }

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _data.Dispose();
        _root.Dispose();
    }

    private (ActorSystem System, StorageModule Storage, DocumentStore Documents) Open()
    {
        var storage = new StorageModule(_data, _options, _clock, new Readiness(), NullLoggerFactory.Instance);
        var system = TestSystem.Create("documents-tests");
        system.ActorOf(new TreeSpec(new SupervisionOptions(), new Readiness(), NullLoggerFactory.Instance).Storage(storage, _options).Props, StorageModule.Name);
        var events = new EventLog(new LiveOptions().Log, storage.History, _clock);
        return (system, storage, new DocumentStore(storage.Main, Options, events, _clock));
    }

    private async Task CloseAsync()
    {
        var storage = await _system.ActorSelection("/user/storage").ResolveOne(Until.Limit);
        Assert.True(await storage.GracefulStop(Until.Limit));
        await _system.Terminate();
        _storage.Dispose();
    }
}
