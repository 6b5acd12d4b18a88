using AllInOne.Core.Documents;
using AllInOne.Core.Entities;
using AllInOne.Core.Jobs;
using AllInOne.Core.Live;
using AllInOne.Core.State;
using AllInOne.Core.Storage;
using AllInOne.Server.Configuration;

namespace AllInOne.Server.Tests.Configuration;

public sealed class MemoryBudgetTests
{
    private const long Mebibyte = 1024 * 1024;

    [Fact]
    public void With_much_memory_the_limits_are_the_fixed_defaults()
    {
        var limits = new MemoryBudget(32 * 1024 * Mebibyte).Limits.ToDictionary(limit => limit.Key, limit => limit.Bytes);

        Assert.Equal(
            new Dictionary<string, long>
            {
                ["State:MaxBytes"] = new StateOptions().MaxBytes,
                ["Entities:MaxBytes"] = new EntitiesOptions().MaxBytes,
                ["Http:MaxBodyBytesInFlight"] = new HttpOptions().MaxBodyBytesInFlight,
                ["Http:MaxAnswerBytesInFlight"] = new HttpOptions().MaxAnswerBytesInFlight,
                ["Storage:QueueBytes"] = new StorageOptions().QueueBytes,
                ["Jobs:MaxQueuedBytes"] = new JobsOptions().MaxQueuedBytes,
                ["Documents:MaxAtomicImportBytes"] = new DocumentsOptions().MaxAtomicImportBytes,
                ["Documents:MaxPageBytes"] = new DocumentsOptions().MaxPageBytes,
                ["Live:RingBytes"] = new LiveOptions().RingBytes,
            },
            limits);
        Assert.Equal(10_000, new MemoryBudget(32 * 1024 * Mebibyte).LogLines);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(256)]
    [InlineData(1024)]
    [InlineData(4096)]
    public void All_limits_together_leave_two_fifths_of_the_memory(long mebibytes)
    {
        var budget = new MemoryBudget(mebibytes * Mebibyte);

        Assert.InRange(budget.Limits.Where(limit => limit.Within is null).Sum(limit => limit.Bytes * limit.Cost), 1, budget.Available / 100 * 60);
        Assert.True(budget.LogLines <= 10_000);
    }

    [Fact]
    public void A_key_that_is_not_configured_has_its_share_and_a_configured_one_its_value()
    {
        var settings = Load(100, ("State:MaxBytes", "5000000"), ("live:ringbytes", "2000000"));

        Assert.Empty(settings.Problems);
        Assert.Empty(settings.Warnings);
        Assert.Equal((5_000_000, 2_000_000), (settings.Options.State.MaxBytes, settings.Options.Live.RingBytes));
        Assert.InRange(settings.Options.Storage.QueueBytes, Mebibyte, 2 * Mebibyte);
        Assert.InRange(settings.Options.Jobs.MaxQueuedBytes, Mebibyte, 5 * Mebibyte);
        Assert.InRange(settings.Options.Documents.MaxAtomicImportBytes, Mebibyte, 4 * Mebibyte);
        Assert.InRange(settings.Options.Http.MaxBodyBytesInFlight, 2 * Mebibyte, 5 * Mebibyte);
        Assert.InRange(settings.Options.Http.MaxAnswerBytesInFlight, 2 * Mebibyte, 5 * Mebibyte);
    }

    [Theory]
    [InlineData("Http:MaxBodyBytes", 30_000_000)]
    [InlineData("Documents:MaxAtomicImportBytes", 30_000_000)]
    public void One_request_of_the_largest_size_is_always_taken(string key, long bytes)
    {
        var settings = Load(100, (key, $"{bytes}"));

        Assert.Empty(settings.Problems);
        Assert.Equal(bytes, settings.Options.Http.MaxBodyBytesInFlight);
    }

    [Theory]
    [InlineData("Http:MaxBodyBytes", "Http:MaxBodyBytesInFlight is 3000000; it takes 4000000 (Http:MaxBodyBytes) or more")]
    [InlineData("Documents:MaxAtomicImportBytes", "Http:MaxBodyBytesInFlight is 3000000; it takes 4000000 (Documents:MaxAtomicImportBytes) or more")]
    public void Less_for_all_bodies_than_one_may_have_is_a_problem(string key, string problem) =>
        Assert.Equal(problem, Assert.Single(Load(100, (key, "4000000"), ("Http:MaxBodyBytesInFlight", "3000000")).Problems));

    [Fact]
    public void Less_for_all_bodies_than_an_import_holds_is_a_problem() => Assert.Equal(
        "Http:MaxBodyBytesInFlight is 1048575; it takes 1048576 or more",
        Assert.Single(Load(100, ("Http:MaxBodyBytes", "4096"), ("Http:MaxBodyBytesInFlight", "1048575")).Problems));

    [Theory]
    [InlineData("Documents:MaxDocumentBytes", "4000000", 4_262_144)]
    [InlineData("State:MaxValueBytes", "5000000", 5_000_000)]
    public void One_answer_of_the_largest_size_can_always_be_given(string key, string value, long least)
    {
        Assert.Equal(least, Load(60, (key, value)).Options.Http.MaxAnswerBytesInFlight);
        Assert.Equal(
            $"Http:MaxAnswerBytesInFlight is 3000000; it takes {least} or more, the larger of State:MaxValueBytes and of Documents:MaxDocumentBytes with 262144 more",
            Assert.Single(Load(60, (key, value), ("Http:MaxAnswerBytesInFlight", "3000000")).Problems));
    }

    [Theory]
    [InlineData("State:MaxBytes", "State:MaxBytes is 90000000 bytes; the process may use 83886080 bytes of memory")]
    [InlineData("Storage:QueueBytes", "Storage:QueueBytes is 90000000 bytes, and what it limits takes up to 12 times as much; the process may use 83886080")]
    public void A_configured_limit_above_the_memory_is_a_warning(string key, string beginning)
    {
        var settings = Load(80, (key, "90000000"));

        Assert.Empty(settings.Problems);
        Assert.StartsWith(beginning, Assert.Single(settings.Warnings), StringComparison.Ordinal);
    }

    private static ServerSettings Load(long mebibytes, params (string Key, string Value)[] keys) => ServerSettings.Load(
        AppContext.BaseDirectory, new Dictionary<string, string>(), [.. keys.Select(key => KeyValuePair.Create(key.Key, key.Value))],
        new MemoryBudget(mebibytes * Mebibyte));
}
