using System.Globalization;
using AllInOne.Server.Simulation;

namespace AllInOne.Server.Tests.Simulation;

public class FootballMatchTests
{
    [Fact]
    public void A_match_passes_through_its_phases_and_starts_again()
    {
        var match = new FootballMatch(1001, "Northgate", "Lakeside", new Random(5));
        var phases = new List<string>();
        for (var minute = 0; minute < 300; minute++)
        {
            match.Step(1);
            var status = Attribute(match, "status");
            if (phases.LastOrDefault() != status)
            {
                phases.Add(status);
            }
        }

        string[] order = ["scheduled", "live", "half_time", "live", "finished"];
        var start = phases.IndexOf("scheduled");
        Assert.True(start >= 0 && phases.Count >= start + 6);
        Assert.Equal(order, phases.Skip(start).Take(5));
        Assert.Equal("scheduled", phases[start + 5]);
    }

    [Fact]
    public void The_score_grows_by_one_goal_at_a_time_and_only_while_they_play()
    {
        var match = new FootballMatch(1001, "Northgate", "Lakeside", new Random(9));
        var (goals, seen) = (Goals(match), 0);
        for (var step = 0; step < 4000; step++)
        {
            var before = Attribute(match, "status");
            match.Step(0.25);
            var now = Goals(match);
            if (now != goals && Attribute(match, "status") != "scheduled")
            {
                Assert.Equal(goals + 1, now);
                Assert.Equal("live", before);
                seen++;
            }

            goals = now;
        }

        Assert.InRange(seen, 5, 60);
    }

    [Fact]
    public void The_state_is_the_score_and_the_minute_stands_at_90()
    {
        var match = new FootballMatch(1001, "Northgate", "Lakeside", new Random(2));
        for (var step = 0; step < 2000; step++)
        {
            match.Step(0.25);
            Assert.Equal($"{Attribute(match, "home")}-{Attribute(match, "away")}", match.Element().State);
            Assert.InRange(int.Parse(Attribute(match, "minute"), CultureInfo.InvariantCulture), 0, 90);
        }
    }

    private static string Attribute(FootballMatch match, string name) => match.Element().Attributes.Single(one => one.Name == name).Value;

    private static int Goals(FootballMatch match) =>
        int.Parse(Attribute(match, "home"), CultureInfo.InvariantCulture) + int.Parse(Attribute(match, "away"), CultureInfo.InvariantCulture);
}
