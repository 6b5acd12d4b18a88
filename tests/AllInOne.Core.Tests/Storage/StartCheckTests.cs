namespace AllInOne.Core.Tests.Storage;

public sealed class StartCheckTests
{
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
