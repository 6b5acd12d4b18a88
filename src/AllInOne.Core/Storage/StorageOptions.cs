namespace AllInOne.Core.Storage;

/// <summary>The section <c>Storage</c>: how the batching writers of the database files work.</summary>
public sealed class StorageOptions
{
    public const string Section = "Storage";

    /// <summary>The most operations in one transaction.</summary>
    public int BatchRows { get; set; } = 5_000;

    /// <summary>A transaction takes no further operation once it holds this many bytes of data.</summary>
    public int BatchBytes { get; set; } = 8 * 1024 * 1024;

    /// <summary>
    /// From this many waiting operations on, feeds stop reading and requests wait. What is on its way already still enters,
    /// up to four times as many; beyond that an operation is refused.
    /// </summary>
    public int QueueRows { get; set; } = 100_000;

    /// <summary>The same bound in bytes of data.</summary>
    public long QueueBytes { get; set; } = 64 * 1024 * 1024;

    /// <summary>After this many bytes of it the log (WAL) is copied into the database file; a quiet writer does so at an eighth.</summary>
    public long CheckpointBytes { get; set; } = 16 * 1024 * 1024;

    /// <summary>A start reads every page of a database file of at most so many bytes, to find damage; of a larger file the first page only.</summary>
    public long CheckBytes { get; set; } = 1L << 30;

    /// <summary>Connections per file that read at the same time what ends soon: a document, a page of history, events.</summary>
    public int Readers { get; set; } = 4;

    /// <summary>
    /// How many queries that may take long (lists, counts and exports of documents, means of a history, lists of runs) run at the same
    /// time on one file. Clients get equal shares; among the queries of one client, short ones come before long ones.
    /// </summary>
    public int Queries { get; set; } = 2;

    /// <summary>How many queries run or pause at the same time on one file; one client opens at most half of them. Each has a connection and a thread.</summary>
    public int OpenQueries { get; set; } = 32;

    /// <summary>
    /// How long a query runs before it pauses for new queries of the same client. After four slices, sixteen and so on, it pauses for all queries
    /// of this client that have run for fewer slices. Also the lead in service at which a query pauses for a query of another client.
    /// </summary>
    public TimeSpan QuerySlice { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a query may wait in total, before its start and in its pauses. Then it is refused (503).</summary>
    public TimeSpan QueryWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>The wait before the first new try after an I/O error; it doubles with each further error.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest wait between two tries.</summary>
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Every problem, one line each, naming the key.</summary>
    public IEnumerable<string> Validate()
    {
        if (BatchRows is < 1 or > 1_000_000)
        {
            yield return $"{Section}:{nameof(BatchRows)} must be from 1 to 1000000, not {BatchRows}";
        }

        if (BatchBytes is < 1024 or > 1024 * 1024 * 1024)
        {
            yield return $"{Section}:{nameof(BatchBytes)} must be from 1024 to 1073741824, not {BatchBytes}";
        }

        if (QueueRows is < 1 or > 100_000_000)
        {
            yield return $"{Section}:{nameof(QueueRows)} must be from 1 to 100000000, not {QueueRows}";
        }

        if (QueueBytes is < 1024 or > 1L << 40)
        {
            yield return $"{Section}:{nameof(QueueBytes)} must be from 1024 to {1L << 40}, not {QueueBytes}";
        }

        if (CheckpointBytes is < 1024 or > 1L << 40)
        {
            yield return $"{Section}:{nameof(CheckpointBytes)} must be from 1024 to {1L << 40}, not {CheckpointBytes}";
        }

        if (CheckBytes is < 0 or > 1L << 50)
        {
            yield return $"{Section}:{nameof(CheckBytes)} must be from 0 to {1L << 50}, not {CheckBytes}";
        }

        if (Readers is < 1 or > 64)
        {
            yield return $"{Section}:{nameof(Readers)} must be from 1 to 64, not {Readers}";
        }

        if (Queries is < 1 or > 64)
        {
            yield return $"{Section}:{nameof(Queries)} must be from 1 to 64, not {Queries}";
        }

        if (OpenQueries < Queries || OpenQueries > 256)
        {
            yield return $"{Section}:{nameof(OpenQueries)} must be from {nameof(Queries)} to 256, not {OpenQueries}";
        }

        if (QuerySlice < TimeSpan.FromMilliseconds(1) || QuerySlice > TimeSpan.FromMinutes(1))
        {
            yield return $"{Section}:{nameof(QuerySlice)} must be from 00:00:00.001 to 00:01:00, not {QuerySlice}";
        }

        if (QueryWait < TimeSpan.Zero || QueryWait > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:{nameof(QueryWait)} must be from zero to an hour, not {QueryWait}";
        }

        if (RetryDelay <= TimeSpan.Zero || RetryDelay > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:{nameof(RetryDelay)} must be over zero and at most an hour, not {RetryDelay}";
        }

        if (MaxRetryDelay < RetryDelay || MaxRetryDelay > TimeSpan.FromHours(1))
        {
            yield return $"{Section}:{nameof(MaxRetryDelay)} must be from {nameof(RetryDelay)} to an hour, not {MaxRetryDelay}";
        }
    }
}
