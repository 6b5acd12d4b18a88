namespace AllInOne.Benchmarks.Actors;

/// <summary>
/// 10,000 light actors, each with a small job every second by a timer, and one actor with a tick every 10 ms. They run alone, and then beside
/// actors that never complete a message. Each case has a separate process, which is measured from the moment when the loops begin.
/// </summary>
internal static class Fairness
{
    private static readonly (string Name, string Kind, int Count, double Rate, double Late)[] Cases =
    [
        ("4 endless loops", FairnessProbe.Spin, 4, 95, 5),
        ("16 endless loops", FairnessProbe.Spin, 16, 95, 5),
        ("64 endless loops", FairnessProbe.Spin, 64, 90, 20),
        ("64 blocking calls", FairnessProbe.Block, 64, 90, 20),
    ];

    public static void Run(Session session)
    {
        var alone = session.Contest(FairnessProbe.Spin, "0", $"{session.Seconds}");
        session.Add("alone: light jobs/s", alone["jobs"]);
        AddDelays(session, "alone", alone, null);
        foreach (var one in Cases)
        {
            var outcome = session.Contest(one.Kind, $"{one.Count}", $"{session.Seconds}");
            session.Add($"{one.Name}: light jobs, % of those alone", outcome["jobs"].PercentOf(alone["jobs"]), Budget.AtLeast(one.Rate));
            AddDelays(session, one.Name, outcome, one.Late);
        }
    }

    private static void AddDelays(Session session, string name, Outcome outcome, double? late)
    {
        session.Add($"{name}: ticker late, p50, ms", outcome["p50"]);
        session.Add($"{name}: ticker late, p99, ms", outcome["p99"], late is { } limit ? Budget.AtMost(limit) : null);
        session.Add($"{name}: ticker late, worst, ms", outcome["worst"], worst: true);
        session.Add($"{name}: longest standstill of the light jobs, ms", outcome["standstill"], late is null ? null : Budget.AtMost(100), worst: true);
    }
}
