using AllInOne.Core.Events.History;

namespace AllInOne.Core.Tests.Storage.History;

public sealed class HistoryStepsTests
{
    [Fact]
    public async Task A_step_has_the_figures_of_its_numbers_over_the_indexed_part_and_the_rest()
    {
        await using var storage = new StorageAtWork();
        for (var second = 1; second <= 25; second++)
        {
            Append(storage, second, $"{second}");
            storage.Append((2 * second) + 1, "sensor.other", second, state: "99", time: Second(second));
            if (second == 12)
            {
                storage.Enqueue(new IndexHistory());
            }
        }

        storage.WriteHere();

        var page = await Steps(storage);

        Assert.Equal(
            [new(Second(0), 9, 1, 5, 9), new(Second(10), 10, 10, 14.5, 19), new(Second(20), 6, 20, 22.5, 25)], page.Items);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task A_state_that_is_no_number_does_not_count_and_a_step_without_numbers_is_left_out()
    {
        await using var storage = new StorageAtWork();
        Append(storage, 1, "4");
        Append(storage, 2, "unavailable");
        Append(storage, 3, "6");
        Append(storage, 11, "unavailable");
        Append(storage, 31, "8");
        storage.WriteHere();

        var page = await Steps(storage);

        Assert.Equal([new(Second(0), 2, 4, 5, 6), new(Second(30), 1, 8, 8, 8)], page.Items);
    }

    [Fact]
    public async Task Pages_of_steps_have_each_step_once_whatever_gaps_there_are()
    {
        await using var storage = new StorageAtWork();
        int[] seconds = [3, 7, 15, 22, 500, 501, 9000, 9011, 9012, 9023];
        foreach (var second in seconds)
        {
            Append(storage, second, second is 15 ? "none" : $"{second}");
        }

        storage.WriteHere();
        var whole = (await Steps(storage, limit: 1000)).Items;

        var steps = new List<HistoryStep>();
        string? cursor = null;
        do
        {
            var page = await Steps(storage, limit: 2, cursor: cursor);
            Assert.InRange(page.Items.Count, 0, 2);
            steps.AddRange(page.Items);
            cursor = page.Next;
        }
        while (cursor is not null);

        Assert.Equal(whole, steps);
        Assert.Equal(seconds.Length - 1, steps.Sum(step => step.Count));
    }

    [Fact]
    public async Task A_span_cuts_its_first_and_last_step()
    {
        await using var storage = new StorageAtWork();
        for (var second = 1; second <= 30; second++)
        {
            Append(storage, second, $"{second}");
        }

        storage.WriteHere();

        var page = await Steps(storage, from: Second(8), to: Second(12));

        Assert.Equal([new(Second(0), 2, 8, 8.5, 9), new(Second(10), 2, 10, 10.5, 11)], page.Items);
        Assert.Null(page.Next);
    }

    [Fact]
    public async Task The_mean_of_the_greatest_numbers_is_one_of_them()
    {
        await using var storage = new StorageAtWork();
        Append(storage, 1, "1.7e308");
        Append(storage, 2, "1.7e308");
        storage.WriteHere();

        Assert.Equal([new(Second(0), 2, 1.7e308, 1.7e308, 1.7e308)], (await Steps(storage)).Items);
    }

    private static void Append(StorageAtWork storage, int second, string state) =>
        storage.Append(2 * second, "sensor.a", second, state: state, time: Second(second));

    private static DateTimeOffset Second(int second) => DateTimeOffset.UnixEpoch.AddSeconds(second);

    private static Task<HistoryStepPage> Steps(
        StorageAtWork storage, DateTimeOffset? from = null, DateTimeOffset? to = null, int limit = 100, string? cursor = null) =>
        storage.Store.ReadStepsAsync(StorageAtWork.Id("sensor.a"), from, to, TimeSpan.FromSeconds(10), limit, cursor, CancellationToken.None);
}
