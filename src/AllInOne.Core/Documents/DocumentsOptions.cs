namespace AllInOne.Core.Documents;

/// <summary>The section <c>Documents</c>: bounds of collections and documents.</summary>
public sealed class DocumentsOptions
{
    public const string Section = "Documents";

    /// <summary>Collections there may be.</summary>
    public int MaxCollections { get; set; } = 1_000;

    /// <summary>The most bytes of one document's JSON.</summary>
    public int MaxDocumentBytes { get; set; } = 1024 * 1024;

    /// <summary>The most arrays and objects inside one another.</summary>
    public int MaxDepth { get; set; } = 64;

    /// <summary>Declared indexes of one collection.</summary>
    public int MaxIndexes { get; set; } = 16;

    /// <summary>The most documents in one POST of an array, which is stored as a whole or not at all.</summary>
    public int MaxArray { get; set; } = 1_000;

    /// <summary>The most bytes of an import with <c>atomic=true</c>, which is held in memory until its end: 256 more counted in for each document.</summary>
    public int MaxAtomicImportBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>A page of a list ends with the document with which it has so many bytes, however many were asked for.</summary>
    public int MaxPageBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>A page of an export ends with the document with which it reaches this size.</summary>
    public const int ExportPageBytes = 256 * 1024;

    /// <summary>The maximum memory of an export: one page, whose last document may have the maximum size.</summary>
    public long ExportBytes => ExportPageBytes + (long)MaxDocumentBytes;

    /// <summary>The most characters of a filter.</summary>
    public int MaxFilterLength { get; set; } = 16 * 1024;

    /// <summary>The most comparisons in a filter.</summary>
    public int MaxFilterTerms { get; set; } = 500;

    /// <summary>How long a query may run; then it is broken off.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a request waits for its write to be committed, room in the queue included.</summary>
    public TimeSpan WriteTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How often what is too old for its collection is looked for.</summary>
    public TimeSpan RetentionInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Every problem, one line each, naming the key.</summary>
    public IEnumerable<string> Validate()
    {
        foreach (var (name, value, least, most) in new (string, int, int, int)[]
        {
            (nameof(MaxCollections), MaxCollections, 1, 10_000),
            (nameof(MaxDocumentBytes), MaxDocumentBytes, 64, 64 * 1024 * 1024),
            (nameof(MaxDepth), MaxDepth, 1, 512),
            (nameof(MaxIndexes), MaxIndexes, 0, 60),
            (nameof(MaxArray), MaxArray, 1, 100_000),
            (nameof(MaxAtomicImportBytes), MaxAtomicImportBytes, 1024, 1024 * 1024 * 1024),
            (nameof(MaxPageBytes), MaxPageBytes, 1, 1024 * 1024 * 1024),
            (nameof(MaxFilterLength), MaxFilterLength, 1, 1024 * 1024),
            (nameof(MaxFilterTerms), MaxFilterTerms, 1, 5_000),
        })
        {
            if (value < least || value > most)
            {
                yield return $"{Section}:{name} must be from {least} to {most}, not {value}";
            }
        }

        foreach (var (name, value) in new (string, TimeSpan)[]
        {
            (nameof(QueryTimeout), QueryTimeout),
            (nameof(WriteTimeout), WriteTimeout),
            (nameof(RetentionInterval), RetentionInterval),
        })
        {
            if (value <= TimeSpan.Zero || value > TimeSpan.FromHours(1))
            {
                yield return $"{Section}:{name} must be over zero and at most an hour, not {value}";
            }
        }
    }
}
