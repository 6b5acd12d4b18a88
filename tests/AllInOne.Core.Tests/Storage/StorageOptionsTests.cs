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
            QuerySlice = TimeSpan.Zero,
            QueryWait = TimeSpan.FromSeconds(-1),
            RetryDelay = TimeSpan.Zero,
            MaxRetryDelay = TimeSpan.FromSeconds(-1),
        }.Validate().ToList();

        Assert.Equal(
            typeof(StorageOptions).GetProperties().Select(p => $"Storage:{p.Name}"),
            problems.Select(problem => problem.Split(' ')[0]));
    }
}
