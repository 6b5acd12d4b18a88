using AllInOne.Core.Values;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

public sealed class StateLocksTests
{
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task One_client_holds_a_lock_and_only_its_token_renews_and_releases_it()
    {
        await using var work = await StateAtWork.StartAsync();
        var locks = work.Store.Locks;
        var held = (await locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default))!;

        Assert.Null(await locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default));
        Assert.Null(await locks.RenewAsync(Key("door"), "another", Long));
        Assert.False(await locks.ReleaseAsync(Key("door"), "another"));
        var renewed = (await locks.RenewAsync(Key("door"), held.Token, Long * 2))!;
        Assert.Equal((held.Token, held.Fencing), (renewed.Token, renewed.Fencing));
        Assert.True(renewed.Expires > held.Expires);
        Assert.True(await locks.ReleaseAsync(Key("door"), held.Token));
        Assert.False(await locks.ReleaseAsync(Key("door"), held.Token));
        var next = (await locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default))!;
        Assert.True(next.Fencing > held.Fencing);
        Assert.NotEqual(held.Token, next.Token);
    }

    [Fact]
    public async Task A_lock_does_not_affect_the_value_of_its_key()
    {
        await using var work = await StateAtWork.StartAsync();
        await work.PutAsync("cart:7", "1");
        await work.Store.Locks.AcquireAsync(Key("cart:7"), Long, TimeSpan.Zero, default);
        await work.PutAsync("cart:7", "2");

        Assert.Equal("2", work.Text("cart:7"));
        Assert.Equal("cart:7", Assert.Single(work.Store.List("", null, 10, default).Items).Key);
    }

    [Fact]
    public async Task Waiting_clients_get_the_lock_in_the_order_in_which_they_came()
    {
        await using var work = await StateAtWork.StartAsync();
        var locks = work.Store.Locks;
        var held = (await locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default))!;
        var order = new List<int>();
        var waiting = new List<Task>();
        for (var n = 0; n < 10; n++)
        {
            waiting.Add(WaitAsync(n));
            var expected = n + 1;
            await Until.TrueAsync(() => work.Store.Figures.Sum(shard => shard.Waiting) == expected);
        }

        await locks.ReleaseAsync(Key("door"), held.Token);
        await Task.WhenAll(waiting);
        Assert.Equal(Enumerable.Range(0, 10), order);

        async Task WaitAsync(int n)
        {
            var mine = (await locks.AcquireAsync(Key("door"), Long, Long, default))!;
            order.Add(n);
            await locks.ReleaseAsync(Key("door"), mine.Token);
        }
    }

    [Fact]
    public async Task A_lock_expires_without_its_holder_and_the_next_client_gets_it_then()
    {
        await using var work = await StateAtWork.StartAsync();
        var locks = work.Store.Locks;
        var held = (await locks.AcquireAsync(Key("door"), TimeSpan.FromMilliseconds(200), TimeSpan.Zero, default))!;
        var next = (await locks.AcquireAsync(Key("door"), Long, Until.Limit, default))!;

        Assert.True(next.Fencing > held.Fencing);
        Assert.True(DateTimeOffset.UtcNow >= held.Expires);
        Assert.Null(await locks.RenewAsync(Key("door"), held.Token, Long));
    }

    [Fact]
    public async Task A_client_that_stops_waiting_leaves_no_entry_in_the_wait_list()
    {
        await using var work = await StateAtWork.StartAsync();
        var locks = work.Store.Locks;
        var held = (await locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default))!;
        using var leave = new CancellationTokenSource();
        var left = locks.AcquireAsync(Key("door"), Long, Long, leave.Token);
        var late = locks.AcquireAsync(Key("door"), Long, TimeSpan.FromMilliseconds(50), default);
        Assert.Null(await late);
        await leave.CancelAsync();
        Assert.Null(await left);
        Assert.Equal(0, work.Store.Figures.Sum(shard => shard.Waiting));

        await locks.ReleaseAsync(Key("door"), held.Token);
        Assert.NotNull(await locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task A_lock_survives_the_death_of_the_process_and_the_next_number_is_greater()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.WriteInterval = TimeSpan.FromMinutes(30));
        var held = (await work.Store.Locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default))!;
        await work.DieAsync();
        var locks = work.Store.Locks;

        Assert.Equal(held.Fencing, locks.Find(Key("door"))!.Fencing);
        Assert.Null(await locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default));
        Assert.True(await locks.ReleaseAsync(Key("door"), held.Token));
        Assert.True((await locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default))!.Fencing > held.Fencing);
    }

    [Fact]
    public async Task Waiting_clients_keep_their_place_over_a_restart_of_the_shard()
    {
        var (clock, ttl) = (new FakeClock(), TimeSpan.FromMilliseconds(200));
        await using var work = await StateAtWork.StartAsync(clock, options => options.Shards = 1);
        var locks = work.Store.Locks;
        await locks.AcquireAsync(Key("door"), ttl, TimeSpan.Zero, default);
        var next = locks.AcquireAsync(Key("door"), Long, Long, default);
        await Until.TrueAsync(() => work.Store.Figures[0].Waiting == 1);
        await work.RestartAsync("/user/state/0");
        // The new instance answers this.
        await work.PutAsync("k", "1");
        Assert.Equal((1, false), (work.Store.Figures[0].Waiting, next.IsCompleted));

        clock.Advance(ttl);
        Assert.NotNull(await next);
    }

    [Fact]
    public async Task One_waiting_client_more_than_allowed_is_refused()
    {
        await using var work = await StateAtWork.StartAsync(configure: options => options.MaxWaiters = 1);
        var locks = work.Store.Locks;
        await locks.AcquireAsync(Key("door"), Long, TimeSpan.Zero, default);
        var waits = locks.AcquireAsync(Key("door"), Long, Long, default);

        await Assert.ThrowsAsync<UnavailableException>(() => locks.AcquireAsync(Key("door"), Long, Long, default));
        await work.StopAsync("/user/state");
        await Assert.ThrowsAsync<UnavailableException>(() => waits);
        await work.StartStateAsync();
    }
}
