using AllInOne.Core.Backups;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Storage;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Documents;

/// <summary>The choice of the storage engine by <c>Documents:Engine</c>.</summary>
public sealed class EngineChoiceTests
{
    [Theory]
    [BothEngines]
    public async Task A_directory_with_collections_keeps_its_engine(DocumentEngineName engine)
    {
        var other = engine == DocumentEngineName.Sqlite ? DocumentEngineName.LiteDb : DocumentEngineName.Sqlite;
        await using var work = new DocumentsAtWork(engine: engine);
        await work.CollectionAsync();

        work.Options.Engine = other;
        var refused = await Assert.ThrowsAsync<StorageException>(work.ReopenAsync);
        Assert.Contains($"Documents:Engine={engine}", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);

        work.Options.Engine = engine;
        await work.ReopenAsync();
        Assert.NotNull(work.Documents.Find(CollectionName.Parse("things")));
    }

    [Theory]
    [BothEngines]
    public async Task A_directory_without_collections_takes_the_other_engine(DocumentEngineName engine)
    {
        await using var work = new DocumentsAtWork(engine: engine);
        await work.CollectionAsync();
        await work.Documents.DropAsync(CollectionName.Parse("things"), default);

        work.Options.Engine = engine == DocumentEngineName.Sqlite ? DocumentEngineName.LiteDb : DocumentEngineName.Sqlite;
        await work.ReopenAsync();

        Assert.Equal(work.Options.Engine, work.Documents.Engine);
        await work.CollectionAsync();
    }

    [Fact]
    public async Task A_backup_that_would_miss_the_documents_is_not_made()
    {
        await using var work = new DocumentsAtWork(engine: DocumentEngineName.LiteDb);
        var maker = new BackupMaker([work.Database.File], [work.Database.Writer], TimeSpan.FromSeconds(10));
        var archive = Path.Combine(work.Directory, "archive.zip");

        Assert.Contains("LiteDB", Assert.Throws<BackupException>(() => maker.Make(archive, DateTimeOffset.UtcNow, default)).Message);
        Assert.False(File.Exists(archive));
    }
}
