using System.Globalization;

namespace AllInOne.Server.Simulation;

/// <summary>A football match, from before the kick-off until after the end; then it starts again.</summary>
internal sealed class FootballMatch
{
    private const double HalfMinutes = 45;
    private const double BreakMinutes = 15;
    private const double AfterMinutes = 12;
    private const double GoalsPerMinute = 2.8 / 90;
    private const double HomeShare = 0.55;

    private readonly int _number;
    private readonly string _homeTeam;
    private readonly string _awayTeam;
    private readonly Random _random;

    private Phase _phase = Phase.Scheduled;
    private double _minutes;
    private double _stoppage;
    private int _home;
    private int _away;

    public FootballMatch(int number, string homeTeam, string awayTeam, Random random)
    {
        (_number, _homeTeam, _awayTeam, _random) = (number, homeTeam, awayTeam, random);
        // Start at a random time of the match, so that the score board is lively from the start.
        for (var minutes = random.NextDouble() * 130; minutes > 0; minutes--)
        {
            Step(Math.Min(1, minutes));
        }
    }

    private enum Phase
    {
        Scheduled,
        FirstHalf,
        HalfTime,
        SecondHalf,
        Finished,
    }

    public void Step(double minutes)
    {
        _minutes += minutes;
        if (_phase is Phase.FirstHalf or Phase.SecondHalf && _random.NextDouble() < minutes * GoalsPerMinute)
        {
            _ = _random.NextDouble() < HomeShare ? _home++ : _away++;
        }

        if (_minutes < Length)
        {
            return;
        }

        _minutes -= Length;
        Begin(_phase == Phase.Finished ? Phase.Scheduled : _phase + 1);
    }

    public FeedElement Element() => new(
        "match", _number.ToString(CultureInfo.InvariantCulture), $"{_home}-{_away}", $"{_homeTeam} – {_awayTeam}", null, null, null,
        [
            ("home_team", _homeTeam), ("away_team", _awayTeam),
            ("home", FeedElement.Number(_home, 0)), ("away", FeedElement.Number(_away, 0)),
            ("minute", FeedElement.Number(Minute, 0)), ("status", Status),
        ]);

    private double Length => _phase switch
    {
        Phase.Scheduled => 5,
        Phase.HalfTime => BreakMinutes,
        Phase.Finished => AfterMinutes,
        _ => HalfMinutes + _stoppage,
    };

    /// <summary>The current minute; it stays 45 and 90 in stoppage time.</summary>
    private double Minute => _phase switch
    {
        Phase.Scheduled => 0,
        Phase.FirstHalf => Math.Min(HalfMinutes, Math.Floor(_minutes) + 1),
        Phase.HalfTime => HalfMinutes,
        Phase.SecondHalf => HalfMinutes + Math.Min(HalfMinutes, Math.Floor(_minutes) + 1),
        _ => 2 * HalfMinutes,
    };

    private string Status => _phase switch
    {
        Phase.Scheduled => "scheduled",
        Phase.HalfTime => "half_time",
        Phase.Finished => "finished",
        _ => "live",
    };

    private void Begin(Phase phase)
    {
        _phase = phase;
        _stoppage = _random.Next(1, 6);
        if (phase == Phase.Scheduled)
        {
            (_home, _away) = (0, 0);
        }
    }
}
