namespace AllInOne.Server.Simulation;

/// <summary>The score board: twenty matches from <c>match.1001</c> on, all played at the same time. It is deterministic, as the home is.</summary>
internal sealed class ScoreBoard
{
    private const int FirstNumber = 1001;

    // The towns are invented, so there are no real clubs.
    private static readonly string[] Teams =
    [
        "Alder Vale", "Brookhaven", "Castle Rovers", "Dunmore", "Eastport", "Fairwater", "Glenrock", "Harbour City", "Ironbridge", "Juniper Town",
        "Kingsmoor", "Lakeside", "Millford", "Northgate", "Oakham", "Pinewood", "Quarry Hill", "Ravenfield", "Silverton", "Thornbury",
        "Upton Park", "Valley United", "Westbrook", "Yarrow", "Ashgrove", "Birchfield", "Clearwater", "Deepdale", "Elmsworth", "Foxley",
        "Greenholm", "Highcliff", "Inverdale", "Larkspur", "Marlow Green", "New Haven", "Otterburn", "Redstone", "Stonebridge", "Windmere",
    ];

    private readonly List<FootballMatch> _matches;

    public ScoreBoard(Random random) =>
        _matches = [.. Teams.Chunk(2).Select((pair, i) => new FootballMatch(FirstNumber + i, pair[0], pair[1], random))];

    public void Step(double minutes) => _matches.ForEach(match => match.Step(minutes));

    public IEnumerable<FeedElement> Elements() => _matches.Select(match => match.Element());
}
