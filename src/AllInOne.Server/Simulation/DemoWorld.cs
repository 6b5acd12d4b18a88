using AllInOne.Server.Simulation.Home;

namespace AllInOne.Server.Simulation;

/// <summary>
/// The demo home and the score board, with their own clock. It is deterministic: the result depends only on the seed, the start and the steps. It
/// remembers the reported elements, and reports only changes.
/// </summary>
internal sealed class DemoWorld
{
    /// <summary>The longest step of the simulation; a longer time is divided into several steps.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    /// <summary>The time that is simulated before the start, so that the people are where they usually are at that hour.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    private readonly DemoHome _home;
    private readonly ScoreBoard _board;
    private readonly Dictionary<string, string> _said = [];

    public DemoWorld(int seed, DateTimeOffset start)
    {
        Now = start - Settling;
        _home = new DemoHome(new Random(seed));
        // Each has its own random numbers, so the matches do not change the home.
        _board = new ScoreBoard(new Random(~seed));
        _ = Advance(Settling);
    }

    /// <summary>The time of the simulation.</summary>
    public DateTimeOffset Now { get; private set; }

    public DemoHome Home => _home;

    /// <summary>Advances the simulation.</summary>
    /// <returns>The changed elements since the last call; of each entity, only the newest.</returns>
    public IReadOnlyList<FeedElement> Advance(TimeSpan time)
    {
        while (time > TimeSpan.Zero)
        {
            var step = time < LongestStep ? time : LongestStep;
            time -= step;
            Now += step;
            _home.Step(Now.TimeOfDay, step.TotalSeconds);
            _board.Step(step.TotalMinutes);
        }

        return [.. All().Where(element => Differs(element))];
    }

    /// <summary>All elements with their current values, for a new connection.</summary>
    public IReadOnlyList<FeedElement> Everything()
    {
        var all = All().ToList();
        all.ForEach(element => _said[element.EntityId] = element.Content);
        return all;
    }

    private IEnumerable<FeedElement> All() => _home.Elements().Concat(_board.Elements());

    private bool Differs(FeedElement element)
    {
        var content = element.Content;
        if (_said.TryGetValue(element.EntityId, out var said) && said == content)
        {
            return false;
        }

        _said[element.EntityId] = content;
        return true;
    }
}
