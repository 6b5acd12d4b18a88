using AllInOne.Core.Storage;
using AllInOne.Core.Storage.Sqlite.Writing;
using AllInOne.Core.Tests.Storage;
using AllInOne.Core.Values.Times;
using static AllInOne.Core.Tests.State.StateAtWork;

namespace AllInOne.Core.Tests.State;

/// <summary>Keys and locks when the wall clock is set.</summary>
public sealed class StateClockTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(60);

    private readonly FakeClock _clock = new();

    [Theory]
    [InlineData(-8760)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(8760)]
    public async Task Keys_and_locks_end_after_their_own_time_when_the_clock_is_set(int hours)
    {
        await using var work = await StateAtWork.StartAsync(_clock);
        await work.PutAsync("k", "1", Ttl);
        var held = await work.Store.Locks.AcquireAsync(Key("lk"), Ttl, TimeSpan.Zero, default);
        _clock.SetWall(TimeSpan.FromHours(hours));
        _clock.Advance(TimeSpan.FromSeconds(59));

        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(1), work.Store.Find(Key("k"))!.Expires);
        Assert.Equal((held!.Token, _clock.GetUtcNow() + TimeSpan.FromSeconds(1)), (work.Store.Locks.Find(Key("lk"))!.Token, work.Store.Locks.Find(Key("lk"))!.Expires));
        _clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(work.Store.Find(Key("k")));
        Assert.Null(work.Store.Locks.Find(Key("lk")));
        Assert.NotNull(await work.Store.Locks.AcquireAsync(Key("lk"), Ttl, TimeSpan.Zero, default));
    }

    [Fact]
    public async Task A_key_has_the_time_that_it_had_left_when_the_clock_was_set_back_while_the_server_was_stopped()
    {
        await using var work = await StateAtWork.StartAsync(_clock);
        await work.PutAsync("k", "1", Ttl, durable: true);
        _clock.SetWall(TimeSpan.FromDays(-365));
        await work.DieAsync();

        Assert.Equal(_clock.GetUtcNow() + Ttl, work.Store.Find(Key("k"))!.Expires);
        _clock.Advance(Ttl);
        Assert.Null(work.Store.Find(Key("k")));
    }

    [Theory]
    [InlineData(-8760)]
    [InlineData(1)]
    [InlineData(8760)]
    public async Task A_clock_that_was_set_while_the_server_ran_takes_nothing_off_a_key_at_the_next_start(int hours)
    {
        await using var work = await StateAtWork.StartAsync(_clock);
        await work.PutAsync("k", "1", Ttl);
        await work.WrittenAsync();
        _clock.SetWall(TimeSpan.FromHours(hours));
        await work.ReopenAsync();

        Assert.Equal(_clock.GetUtcNow() + Ttl, work.Store.Find(Key("k"))!.Expires);
        // The time while the server is stopped counts.
        _clock.Advance(TimeSpan.FromSeconds(30));
        await work.ReopenAsync();
        _clock.Advance(TimeSpan.FromSeconds(30));
        Assert.Null(work.Store.Find(Key("k")));
    }

    [Theory]
    [InlineData(-8760)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(8760)]
    public async Task A_death_after_the_clock_was_set_takes_nothing_off_a_key_although_nothing_was_written(int hours)
    {
        await using var work = await StateAtWork.StartAsync(_clock);
        await work.PutAsync("k", "1", Ttl, durable: true);
        _clock.SetWall(TimeSpan.FromHours(hours));
        // All files, because each has its own clock.
        await Until.TrueAsync(() => work.Storage.Databases.All(database => StoredClock(database).Wall == _clock.GetUtcNow()));
        _clock.Advance(TimeSpan.FromSeconds(30));
        await work.DieAsync();

        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(30), work.Store.Find(Key("k"))!.Expires);
        Assert.All(work.Storage.Databases, database => Assert.Equal(TimeSpan.Zero, database.Behind));
    }

    [Fact]
    public async Task A_stop_stores_the_clocks_also_where_nothing_was_written()
    {
        await using var work = await StateAtWork.StartAsync(_clock);
        await work.PutAsync("k", "1", Ttl);
        await work.ReopenAsync();
        _clock.Advance(TimeSpan.FromSeconds(10));
        // Nothing is written in this run, and the clock is set just before its end.
        _clock.SetWall(TimeSpan.FromDays(1));
        await work.ReopenAsync();

        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromSeconds(50), work.Store.Find(Key("k"))!.Expires);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(24)]
    public async Task Keys_and_locks_from_before_the_clocks_were_stored_end_after_their_own_time(int hours)
    {
        using var root = new TemporaryDirectory();
        var clock = new FakeClock(new DateTimeOffset(2026, 11, 29, 10, 10, 0, TimeSpan.Zero));
        await using var work = await StateAtWork.StartAsync(clock, directory: EarlierFiles.WriteTo(root["data"]));
        var ends = new DateTimeOffset(2026, 11, 29, 11, 0, 52, TimeSpan.Zero);
        Assert.Equal(("""{"user":"ann"}""", ends.AddMicroseconds(113_871)), (work.Text("session"), work.Store.Find(Key("session"))!.Expires));
        var held = work.Store.Locks.Find(Key("door"))!;
        Assert.Equal(("86b2451ec7686d35790d4b59c2c768d5", ends.AddMicroseconds(319_562)), (held.Token, held.Expires));
        Assert.Equal(("7", """["a","b","c"]"""), (work.Text("plain"), work.Text("queue")));

        clock.SetWall(TimeSpan.FromHours(hours));
        clock.Advance(TimeSpan.FromMinutes(20));
        await work.ReopenAsync();
        clock.Advance(TimeSpan.FromMinutes(30));
        Assert.NotNull(work.Store.Find(Key("session")));
        Assert.Null(await work.Store.Locks.AcquireAsync(Key("door"), Ttl, TimeSpan.Zero, default));
        clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Null(work.Store.Find(Key("session")));
        Assert.True((await work.Store.Locks.AcquireAsync(Key("door"), Ttl, TimeSpan.Zero, default))!.Fencing > held.Fencing);
        Assert.Equal(("7", """["a","b","c"]"""), (work.Text("plain"), work.Text("queue")));
    }

    private static ClockMark StoredClock(Database database)
    {
        using var session = database.File.OpenReader();
        return CommitMark.ClockOf(session) ?? default;
    }
}
