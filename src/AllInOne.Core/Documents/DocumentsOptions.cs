using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Documents;

/// <summary>The options of collections and documents (section <c>Documents</c>).</summary>
public sealed class DocumentsOptions
{
    /// <summary>
    /// The storage engine of the collections, <c>Sqlite</c> or <c>LiteDb</c>. It is chosen for a data directory that has no collections yet; a
    /// directory with collections keeps its engine.
    /// </summary>
    public DocumentEngineName Engine { get; set; }

    /// <summary>The maximum number of collections.</summary>
    [Allowed(1, 10_000)]
    public int MaxCollections { get; set; } = 1_000;

    /// <summary>The maximum size of one document's JSON, in bytes.</summary>
    [Allowed(64, 64 * 1024 * 1024)]
    public int MaxDocumentBytes { get; set; } = 1024 * 1024;

    /// <summary>The maximum depth of arrays and objects.</summary>
    [Allowed(1, 512)]
    public int MaxDepth { get; set; } = 64;

    /// <summary>The maximum number of declared indexes of one collection.</summary>
    [Allowed(0, 60)]
    public int MaxIndexes { get; set; } = 16;

    /// <summary>The maximum number of documents in one POST of an array, which is stored completely or not at all.</summary>
    [Allowed(1, 100_000)]
    public int MaxArray { get; set; } = 1_000;

    /// <summary>
    /// The maximum size of an import with <c>atomic=true</c>, in bytes; it is in memory until its end. Each document counts as 256 bytes more.
    /// </summary>
    [Allowed(1024, 1024 * 1024 * 1024)]
    public int MaxAtomicImportBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The size of a page of a list, in bytes: the page ends with the document that reaches it, even if the client requested more documents.</summary>
    [Allowed(1, 1024 * 1024 * 1024)]
    public int MaxPageBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>The size of a page of an export, in bytes: the page ends with the document that reaches it.</summary>
    public const int ExportPageBytes = 256 * 1024;

    /// <summary>The maximum memory of an export: one page, whose last document may have the maximum size.</summary>
    public long ExportBytes => ExportPageBytes + (long)MaxDocumentBytes;

    /// <summary>The maximum number of characters of a filter.</summary>
    [Allowed(1, 1024 * 1024)]
    public int MaxFilterLength { get; set; } = 16 * 1024;

    /// <summary>The maximum number of comparisons in a filter.</summary>
    [Allowed(1, 5_000)]
    public int MaxFilterTerms { get; set; } = 500;

    /// <summary>How long a query may run; then it is cancelled.</summary>
    [Allowed("00:00:00.001", "01:00:00")]
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request waits for the commit of its write, including the wait for space in the queue.</summary>
    [Allowed("00:00:00.001", "01:00:00")]
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The interval in which documents are deleted that are older than their collection keeps.</summary>
    [Allowed("00:00:00.001", "01:00:00")]
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(1);
}
