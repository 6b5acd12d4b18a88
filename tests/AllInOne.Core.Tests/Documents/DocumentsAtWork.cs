using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;
using Microsoft.Data.Sqlite;

namespace AllInOne.Core.Tests.Documents;

/// <summary>The documents in a separate data directory, with the actors that write them.</summary>
internal sealed class DocumentsAtWork : IAsyncDisposable
{
    private readonly TreeAtWork _tree;

    public DocumentsAtWork(TimeProvider? clock = null, StorageOptions? storage = null, DocumentEngineName engine = DocumentEngineName.Sqlite)
    {
        Options.Engine = engine;
        var options = new SystemTreeOptions { Documents = Options, Storage = storage ?? new StorageOptions() };
        _tree = new TreeAtWork(options, (parts, spec) =>
        {
            // Its writes are queued before the writers start.
            _ = parts.Documents;
            return [spec.Storage];
        }, clock).Open();
    }

    public DocumentsOptions Options { get; } = new() { WriteTimeout = Until.Limit };

    public DocumentStore Documents => _tree.Parts.Documents.Documents;

    public string Directory => _tree.Parts.Data.Path;

    public Database Database => _tree.Parts.Storage.Main;

    public async Task<Collection> CollectionAsync(string name = "things", CollectionDefinition? definition = null) =>
        (await Documents.DefineAsync(CollectionName.Parse(name), definition ?? CollectionDefinition.Plain, CancellationToken.None))!.Value.Collection;

    /// <summary>Gives the writer of the documents a new instance, as after a failure.</summary>
    public Task RestartWriterAsync() => _tree.RestartAsync(Options.Engine == DocumentEngineName.Sqlite ? "/user/storage/allinone" : "/user/storage/documents");

    /// <summary>Locks allinone.db, as another program that writes to it, until the returned object is disposed of.</summary>
    public IDisposable HoldTheFile()
    {
        var other = new SqliteConnection($"Data Source={_tree.Parts.Data.File("allinone.db")};Pooling=False");
        other.Open();
        using var begin = other.CreateCommand();
        begin.CommandText = "BEGIN IMMEDIATE";
        begin.ExecuteNonQuery();
        return other;
    }

    public Task StartRetentionAsync() => _tree.StartAsync(new TreeSpec(_tree.Parts).Documents);

    /// <inheritdoc cref="TreeAtWork.ReopenAsync"/>
    public Task ReopenAsync() => _tree.ReopenAsync();

    public ValueTask DisposeAsync() => _tree.DisposeAsync();
}
