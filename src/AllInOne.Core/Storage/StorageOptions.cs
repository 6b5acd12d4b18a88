using AllInOne.Core.Values.Options;

namespace AllInOne.Core.Storage;

/// <summary>The options of the database files and their writers (section <c>Storage</c>).</summary>
public sealed class StorageOptions
{
    /// <summary>The maximum number of operations in one transaction.</summary>
    [Allowed(1, 1_000_000)]
    public int BatchRows { get; set; } = 5_000;

    /// <summary>The size of a transaction, in bytes of data: it ends with the operation that reaches it.</summary>
    [Allowed(1024, 1024 * 1024 * 1024)]
    public int BatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// The number of pending operations at which feeds stop reading and requests wait. Operations that were sent before still enter the queue, up
    /// to four times as many; a further operation is refused.
    /// </summary>
    [Allowed(1, 100_000_000)]
    public int QueueRows { get; set; } = 100_000;

    /// <summary>The same limit in bytes of data.</summary>
    [Allowed(1024, 1L << 40)]
    public long QueueBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>The size of the WAL, in bytes, at which a checkpoint starts. A writer without work starts one at an eighth of it.</summary>
    [Allowed(1024, 1L << 40)]
    public long CheckpointBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>The largest database file, in bytes, that a start reads completely to find damage. Of a larger file it reads the first page only.</summary>
    [Allowed(0, 1L << 50)]
    public long CheckBytes { get; set; } = 1L << 30;

    /// <summary>The number of connections of each file for short reads: a document, a page of history, events.</summary>
    [Allowed(1, 64)]
    public int Readers { get; set; } = 4;

    /// <summary>
    /// How many queries that may take long (lists, counts and exports of documents, means of a history, lists of runs) run at the same
    /// time on one file. Clients get equal shares; among the queries of one client, short ones come before long ones.
    /// </summary>
    [Allowed(1, 64)]
    public int Queries { get; set; } = 2;

    /// <summary>
    /// How many queries run or pause at the same time on one file; one client opens at most half of them. Each has a connection and a thread.
    /// </summary>
    [Allowed(nameof(Queries), 256)]
    public int OpenQueries { get; set; } = 32;

    /// <summary>
    /// How long a query runs before it pauses for new queries of the same client. After four slices, sixteen and so on, it pauses for all queries
    /// of this client that have run for fewer slices. Also the lead in service at which a query pauses for a query of another client.
    /// </summary>
    [Allowed("00:00:00.001", "00:01:00")]
    public TimeSpan QuerySlice { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a query may wait in total, before its start and in its pauses. Then it is refused (503).</summary>
    [Allowed("00:00:00", "01:00:00")]
    public TimeSpan QueryWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The delay before the first retry after an I/O error; it doubles with each further error.</summary>
    [Allowed("00:00:00.001", "01:00:00")]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The maximum delay between two retries.</summary>
    [Allowed(nameof(RetryDelay), "01:00:00")]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);
}
