using AllInOne.Server.Simulation.Home;

namespace AllInOne.Server.Simulation;

/// <summary>
/// The home and the score board on one clock of their own. Pure: what comes out depends on the seed, the start and the steps
/// alone. It remembers what it has said, and says only what differs.
/// </summary>
internal sealed class DemoWorld
{
    /// <summary>The physics are stepped this far at most; a longer time is taken in several steps.</summary>
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(5);

    /// <summary>Lived through before the start, so that people are where they would be at that hour.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromHours(1);

    private readonly DemoHome _home;
    private readonly ScoreBoard _board;
    private readonly Dictionary<string, string> _said = [];

    public DemoWorld(int seed, DateTimeOffset start)
    {
        Now = start - Settling;
        _home = new DemoHome(new Random(seed));
        // A stream of random numbers each: the home is the same whatever is played.
        _board = new ScoreBoard(new Random(~seed));
        _ = Advance(Settling);
    }

    /// <summary>The time in there.</summary>
    public DateTimeOffset Now { get; private set; }

    public DemoHome Home => _home;

    /// <summary>Lets time pass.</summary>
    /// <returns>What has changed since the last time, of each entity its newest.</returns>
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

    /// <summary>Everything as it is, for a listener that may know nothing.</summary>
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
