using AllInOne.Core.Values.Times;

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
        Assert.Equal(TimeSpan.FromHours(hours), _clock.TakeJump());
        Assert.Null(_clock.TakeJump());
        Assert.Equal(TimeSpan.FromHours(Math.Max(0, hours)), _clock.Doubt);
        _time.Advance(TimeSpan.FromHours(1));
        Assert.Equal(TimeSpan.Zero, _clock.Doubt);
    }

    [Fact]
    public void A_small_correction_of_the_wall_clock_is_no_jump_and_moves_no_time_that_is_shown()
    {
        var shown = _clock.ToWall(_clock.Now + Minute);
        _time.SetWall(TimeSpan.FromSeconds(-1));

        Assert.Null(_clock.TakeJump());
        Assert.Equal(shown, _clock.ToWall(_clock.Now + Minute));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void Clocks_that_drift_apart_are_no_jump_and_times_are_converted_by_their_difference(int seconds)
    {
        for (var day = 0; day < 30; day++)
        {
            _time.Advance(TimeSpan.FromDays(1));
            _time.SetWall(TimeSpan.FromSeconds(seconds));
            Assert.Null(_clock.TakeJump());
            Assert.InRange((_clock.ToWall(_clock.Now) - _time.GetUtcNow()).Duration(), TimeSpan.Zero, SteadyClock.Tolerance);
        }

        _time.SetWall(TimeSpan.FromSeconds(2 * seconds));
        Assert.Equal(TimeSpan.FromSeconds(2 * seconds), _clock.TakeJump());
    }

    [Fact]
    public void A_step_forward_is_in_doubt_over_restarts_until_the_server_has_run_for_an_hour()
    {
        var year = TimeSpan.FromDays(365);
        _time.SetWall(year);
        Assert.Equal(year, _clock.Doubt);
        _time.Advance(30 * Minute);
        var next = new SteadyClock(_time);
        next.Continue(_clock.Mark);
        Assert.Equal(year, next.Doubt);
        _time.SetWall(TimeSpan.FromDays(-1));
        Assert.Equal(year - TimeSpan.FromDays(1), next.Doubt);

        _time.Advance(29 * Minute);
        Assert.Equal(year - TimeSpan.FromDays(1), next.Doubt);
        _time.Advance(Minute);
        Assert.Equal(TimeSpan.Zero, next.Doubt);
    }

    [Fact]
    public void A_downtime_is_confirmed_within_a_few_runs_of_a_server_that_never_runs_for_an_hour()
    {
        var (clock, confirmed) = (_clock, 0);
        for (var day = 0; day < 60; day++)
        {
            _time.Advance(25 * Minute);
            confirmed += clock.Doubt == TimeSpan.Zero ? 1 : 0;
            Assert.InRange(clock.Doubt, TimeSpan.Zero, TimeSpan.FromDays(4));
            var mark = clock.Mark;
            // The downtime is different each time.
            _time.Advance(TimeSpan.FromHours(20) + (day * Minute));
            clock = new SteadyClock(_time);
            clock.Continue(mark);
        }

        Assert.InRange(confirmed, 10, 60);
    }

    [Fact]
    public void A_step_longer_than_all_previous_steps_is_in_doubt_for_another_hour()
    {
        _time.SetWall(TimeSpan.FromHours(2));
        Assert.Equal(TimeSpan.FromHours(2), _clock.Doubt);
        _time.Advance(59 * Minute);
        _time.SetWall(TimeSpan.FromDays(365));
        Assert.Equal(TimeSpan.FromHours(2) + TimeSpan.FromDays(365), _clock.Doubt);
        _time.Advance(59 * Minute);
        Assert.NotEqual(TimeSpan.Zero, _clock.Doubt);
        _time.Advance(Minute);
        Assert.Equal(TimeSpan.Zero, _clock.Doubt);
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
        Assert.Equal(hours > 0 ? TimeSpan.FromSeconds(expected) : TimeSpan.Zero, next.Doubt);
        Assert.Equal(_time.GetUtcNow(), next.ToWall(next.Now));
        Assert.Null(next.TakeJump());
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
