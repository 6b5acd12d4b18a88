using AllInOne.Core.Storage;

namespace AllInOne.Core.Tests.Storage;

public sealed class StorageOptionsTests
{
    [Fact]
    public void Defaults_are_valid() => Assert.Empty(new StorageOptions().Validate());

    [Fact]
    public void Every_wrong_value_is_named_in_one_report()
    {
        var problems = new StorageOptions
        {
            BatchRows = 0,
            BatchBytes = 1,
            QueueRows = -1,
            QueueBytes = 0,
            CheckpointBytes = 0,
            CheckBytes = -1,
            Readers = 0,
            Queries = 0,
            OpenQueries = -1,
            QuerySlice = TimeSpan.Zero,
            QueryWait = TimeSpan.FromSeconds(-1),
            RetryDelay = TimeSpan.Zero,
            MaxRetryDelay = TimeSpan.FromSeconds(-1),
        }.Validate().ToList();

        Assert.Equal(
            typeof(StorageOptions).GetProperties().Select(p => $"Storage:{p.Name}"),
            problems.Select(problem => problem.Split(' ')[0]));
    }

    [Fact]
    public async Task A_file_that_is_too_large_to_be_examined_at_the_start_is_named_in_the_log()
    {
        var log = new RecordedLog();
        await using var storage = new StorageAtWork(log: log);
        storage.Reopen();
        Assert.DoesNotContain(log.Lines, line => line.Contains("CheckBytes", StringComparison.Ordinal));
        storage.Options.CheckBytes = 0;
        storage.Reopen();

        Assert.Equal(3, log.Lines.Count(line => line.Contains(".db is larger than Storage:CheckBytes (0)", StringComparison.Ordinal)));
    }
}
