using AllInOne.Core.Documents;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.LiteDb;
using AllInOne.Core.Documents.Sqlite;
using AllInOne.Core.Storage;

namespace AllInOne.Core.Data;

/// <summary>Opens the storage engine of the collections. A data directory with collections keeps its engine.</summary>
internal static class DocumentEngines
{
    /// <param name="main">allinone.db, which has the collections of SQLite and the clock of both engines.</param>
    /// <exception cref="StorageException">The file cannot be used, or the directory has collections of the other engine.</exception>
    public static IDocumentEngine Open(DataDirectory directory, DocumentsOptions options, StorageOptions storage, Database main, TimeProvider time)
    {
        var path = directory.File(LiteDocuments.FileName);
        if (options.Engine == DocumentEngineName.Sqlite)
        {
            MustBeUnused(path, directory, storage, main, time);
            return new SqliteDocuments(main, options);
        }

        if (HasCollections(main))
        {
            throw Other(main.File.Path, DocumentEngineName.Sqlite);
        }

        if (options.MaxDocumentBytes > LiteRows.MaxBytes)
        {
            throw new StorageException(path, $"Documents:MaxDocumentBytes is {options.MaxDocumentBytes}: with Documents:Engine=LiteDb it is at most {LiteRows.MaxBytes}");
        }

        return LiteDocuments.Open(directory, options, storage, main.Clock, time);
    }

    private static void MustBeUnused(string path, DataDirectory directory, StorageOptions storage, Database main, TimeProvider time)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var there = LiteDocuments.Open(directory, new DocumentsOptions(), storage, main.Clock, time);
        if (there.Load().Count > 0)
        {
            throw Other(path, DocumentEngineName.LiteDb);
        }
    }

    private static bool HasCollections(Database main)
    {
        using var session = main.File.OpenReader();
        return CollectionRows.Count(session) > 0;
    }

    private static StorageException Other(string path, DocumentEngineName engine) =>
        new(path, $"{path} has collections, which are stored with {engine}: start with Documents:Engine={engine}");
}
