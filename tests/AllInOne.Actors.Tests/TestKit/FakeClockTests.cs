namespace AllInOne.Actors.Tests.TestKit;

public sealed class FakeClockTests
{
    private readonly FakeClock _clock = new();
    private readonly List<(string Name, TimeSpan At)> _fired = [];
    private readonly DateTimeOffset _start;

    public FakeClockTests() => _start = _clock.GetUtcNow();

    [Fact]
    public void Timers_fire_in_the_order_of_their_times_and_see_the_clock_at_their_own()
    {
        using var late = Timer("late", 30, null);
        using var early = Timer("early", 10, null);

        _clock.Advance(TimeSpan.FromSeconds(40));

        Assert.Equal([("early", TimeSpan.FromSeconds(10)), ("late", TimeSpan.FromSeconds(30))], _fired);
        Assert.Equal(_start.AddSeconds(40), _clock.GetUtcNow());
        Assert.Equal(0, _clock.RunningTimers);
    }

    [Fact]
    public void A_periodic_timer_fires_until_it_is_disposed()
    {
        var timer = Timer("tick", 1, 2);
        _clock.Advance(TimeSpan.FromSeconds(5));
        timer.Dispose();
        _clock.Advance(TimeSpan.FromSeconds(5));

        Assert.Equal([1, 3, 5], _fired.Select(one => one.At.TotalSeconds));
    }

    [Fact]
    public async Task A_test_can_wait_for_a_timer_to_be_set()
    {
        var set = _clock.WaitForTimersAsync(1);
        Assert.False(set.IsCompleted);
        var delay = Task.Delay(TimeSpan.FromHours(1), _clock);
        await set;
        _clock.Advance(TimeSpan.FromHours(1));
        await delay;
    }

    [Fact]
    public async Task The_clock_stops_at_each_timer_except_heartbeat_timers()
    {
        using var beat = Timer("beat", 1, 1);
        using var early = Timer("early", 10, null);
        using var late = Timer("late", 30, null);
        var stops = new List<double>();

        await _clock.AdvanceAsync(TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(1), () =>
        {
            stops.Add((_clock.GetUtcNow() - _start).TotalSeconds);
            return Task.CompletedTask;
        });

        Assert.Equal([10, 30, 40], stops);
        Assert.Equal([10, 30], _fired.Where(one => one.Name != "beat").Select(one => one.At.TotalSeconds));
        Assert.Equal(40, _fired.Count(one => one.Name == "beat"));
    }

    private ITimer Timer(string name, int due, int? period) => _clock.CreateTimer(
        _ => _fired.Add((name, _clock.GetUtcNow() - _start)),
        null,
        TimeSpan.FromSeconds(due),
        period is { } seconds ? TimeSpan.FromSeconds(seconds) : Timeout.InfiniteTimeSpan);
}
