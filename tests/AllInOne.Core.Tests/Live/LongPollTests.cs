using AllInOne.Core.Events;
using AllInOne.Core.Live;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.Live;

public class LongPollTests
{
    [Fact]
    public async Task A_poll_waits_until_something_matches()
    {
        await using var home = new LiveAtWork();
        var polling = home.Read(null, seconds: 60, topics: "entities/*");
        home.Publish("jobs/backup");
        await home.Settled();
        Assert.False(polling.IsCompleted);
        home.Publish("entities/light.hall");
        var page = await polling.WaitAsync(Until.Limit);
        Assert.Equal(["entities/light.hall"], page.Events.Select(e => e.Topic));
        Assert.Equal(home.Events.Head, page.Next);
    }

    [Fact]
    public async Task A_poll_gathers_for_a_moment_after_its_first_event()
    {
        var clock = new FakeClock(DateTimeOffset.UtcNow);
        await using var home = new LiveAtWork(new LiveOptions { GatherTime = TimeSpan.FromMilliseconds(500) }, clock: clock);
        var polling = home.Read(null, seconds: 60, topics: "t");
        for (var i = 0; i < 20; i++)
        {
            home.Publish("t");
        }

        await home.Settled();
        await WhenTimePassesAsync(clock, polling);

        Assert.Equal(20, (await polling).Events.Count);
    }

    [Fact]
    public async Task Without_an_event_the_answer_is_empty_at_the_timeout()
    {
        var clock = new FakeClock(DateTimeOffset.UtcNow);
        await using var home = new LiveAtWork(clock: clock);
        await home.WhenRestored();
        var since = clock.GetUtcNow();
        var polling = home.Read(null, seconds: 20, topics: "never");
        home.Publish("jobs/backup");
        await home.Settled();

        await WhenTimePassesAsync(clock, polling);

        Assert.True(clock.GetUtcNow() - since >= TimeSpan.FromSeconds(20), $"after {clock.GetUtcNow() - since}");
        var page = await polling;
        Assert.Empty(page.Events);
        Assert.Equal((home.Events.Head, false), (page.Next, page.Reset));
    }

    [Fact]
    public async Task Timeout_zero_does_not_wait()
    {
        await using var home = new LiveAtWork();
        var page = await home.Read(null);
        Assert.Empty(page.Events);
    }

    [Fact]
    public async Task Many_waiting_polls_are_all_answered()
    {
        await using var home = new LiveAtWork();
        var polls = Enumerable.Range(0, 1000)
            .Select(i => home.Read(null, 60, 500, i % 2 == 0 ? "entities/*" : $"entities/light.l{i}"))
            .ToList();
        for (var i = 0; i < 1000; i++)
        {
            home.Publish($"entities/light.l{i}");
        }

        var pages = await Task.WhenAll(polls).WaitAsync(Until.Limit);
        Assert.All(pages, page => Assert.NotEmpty(page.Events));
        Assert.All(pages.Select((page, i) => (page, i)).Where(p => p.i % 2 == 1), p => Assert.Equal($"entities/light.l{p.i}", p.page.Events.Single().Topic));
    }

    [Fact]
    public async Task One_more_than_allowed_is_refused_and_a_cancelled_one_makes_room()
    {
        await using var home = new LiveAtWork(new LiveOptions { MaxWaiters = 1 });
        using var cancel = new CancellationTokenSource();
        var query = new EventQuery(null, TimeSpan.FromSeconds(60), 500, TopicFilter.Everything);
        var first = home.Live.ReadAsync(query, cancel.Token);
        await Assert.ThrowsAsync<UnavailableException>(() => home.Live.ReadAsync(query, CancellationToken.None));
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        var second = home.Live.ReadAsync(query, CancellationToken.None);
        home.Publish("t");
        Assert.Single((await second.WaitAsync(Until.Limit)).Events);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_waiting_poll_survives_the_actor_that_keeps_it(bool restart)
    {
        await using var home = new LiveAtWork();
        await home.WhenRestored();
        var polling = home.Read(null, seconds: 60);
        const string Path = "/user/live/subscriptions";
        Assert.True(restart ? home.Runtime.Restart(Path) : home.Runtime.Stop(Path));
        home.Publish("t");
        Assert.Single((await polling.WaitAsync(Until.Limit)).Events);
    }

    /// <summary>Moves the clock in small steps until the poll is answered: its timer may be set at any of them.</summary>
    private static Task WhenTimePassesAsync(FakeClock clock, Task polling) => Until.TrueAsync(() =>
    {
        clock.Advance(TimeSpan.FromMilliseconds(250));
        return polling.IsCompleted;
    });
}
