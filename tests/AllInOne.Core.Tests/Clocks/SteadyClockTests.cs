using AllInOne.Core.Clocks;

namespace AllInOne.Core.Tests.Clocks;

public sealed class SteadyClockTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeClock _time = new();
    private readonly SteadyClock _clock;

    public SteadyClockTests() => _clock = new SteadyClock(_time);

    [Theory]
    [InlineData(-8760)]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(8760)]
    public void Steady_time_runs_with_the_monotonic_clock_whatever_the_wall_clock_says(int hours)
    {
        var begin = _clock.Now;
        _time.Advance(Minute);
        _time.SetWall(TimeSpan.FromHours(hours));

        Assert.Equal(begin + Minute, _clock.Now);
        Assert.Equal(_time.GetUtcNow() + Minute, _clock.ToWall(_clock.Now + Minute));
        Assert.Equal(TimeSpan.FromHours(hours), _clock.Look());
        Assert.Null(_clock.Look());
        Assert.Equal(hours > 0, _clock.WasSetForward());
        _time.Advance(TimeSpan.FromHours(1));
        Assert.False(_clock.WasSetForward());
    }

    [Fact]
    public void A_small_correction_of_the_wall_clock_is_no_jump_and_moves_no_time_that_is_shown()
    {
        var shown = _clock.ToWall(_clock.Now + Minute);
        _time.SetWall(TimeSpan.FromSeconds(-1));

        Assert.Null(_clock.Look());
        Assert.Equal(shown, _clock.ToWall(_clock.Now + Minute));
        _time.SetWall(TimeSpan.FromSeconds(-1));
        Assert.Equal(TimeSpan.FromSeconds(-2), _clock.Look());
    }

    [Theory]
    [InlineData(0, 30, 30)]
    [InlineData(-8760, 30, 0)]
    [InlineData(1, 30, 3630)]
    public void The_next_start_adds_the_time_away_but_nothing_when_the_wall_clock_is_behind(int hours, int away, int expected)
    {
        var (mark, end) = (_clock.Mark, _clock.Now);
        _time.Advance(TimeSpan.FromSeconds(away));
        _time.SetWall(TimeSpan.FromHours(hours));
        var next = new SteadyClock(_time);

        Assert.Equal(hours < 0 ? TimeSpan.FromHours(-hours) - TimeSpan.FromSeconds(away) : TimeSpan.Zero, next.Continue(mark));
        Assert.Equal(end + TimeSpan.FromSeconds(expected), next.Now);
        Assert.Equal(hours > 0, next.WasSetForward());
        Assert.Equal(_time.GetUtcNow(), next.ToWall(next.Now));
        Assert.Null(next.Look());
    }

    [Fact]
    public void A_jump_while_the_server_ran_is_no_time_away_for_the_next_start()
    {
        _time.SetWall(TimeSpan.FromDays(365));
        var (mark, end) = (_clock.Mark, _clock.Now);
        _time.Advance(Minute);
        var next = new SteadyClock(_time);

        Assert.Equal(TimeSpan.Zero, next.Continue(mark));
        Assert.Equal(end + Minute, next.Now);
    }
}
