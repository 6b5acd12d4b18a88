using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Documents.LiteDb.Files;
using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Values.Times;

namespace AllInOne.Core.Documents.LiteDb;

/// <summary>Collections in documents.db, a file of LiteDB with a writer of its own.</summary>
internal sealed class LiteDocuments : IDocumentEngine
{
    public const string FileName = "documents.db";

    /// <summary>The names of the data file and its log.</summary>
    public static IReadOnlyList<string> FileNames { get; } = [FileName, FileName + LiteFile.LogSuffix];

    /// <summary>The names of LiteDB's collections share one page, which has room for about so many.</summary>
    private const int CollectionsInFile = 800;

    private readonly LiteLane _lane;

    private LiteDocuments(LiteLane lane, DocumentsOptions options, StorageOptions storage, SteadyClock clock, TimeProvider time)
    {
        (_lane, Clock) = (lane, clock);
        FileWriter = new LiteWriter(lane, storage, time);
        Reads = new LiteReads(lane, options, time);
    }

    public DocumentEngineName Name => DocumentEngineName.LiteDb;

    public IWriter<IDocumentSession> Writer => FileWriter;

    /// <summary>The writer, for its actor.</summary>
    public LiteWriter FileWriter { get; }

    public IDocumentReads Reads { get; }

    public SteadyClock Clock { get; }

    public int MaxCollections => CollectionsInFile;

    /// <summary>Opens or creates the file.</summary>
    /// <param name="clock">The clock of the documents.</param>
    /// <exception cref="StorageException">The file cannot be used.</exception>
    public static LiteDocuments Open(DataDirectory directory, DocumentsOptions options, StorageOptions storage, SteadyClock clock, TimeProvider time) =>
        new(new LiteLane(LiteFile.Open(directory.File(FileName))), options, storage, clock, time);

    public IReadOnlyList<Collection> Load() => _lane.Run(
        (_, catalog) => catalog.Live.OrderBy(collection => collection.Name, StringComparer.Ordinal).Select(collection => collection.ToCollection()).ToList());

    public void Dispose() => _lane.Dispose();
}
