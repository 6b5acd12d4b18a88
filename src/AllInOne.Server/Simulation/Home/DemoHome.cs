namespace AllInOne.Server.Simulation.Home;

/// <summary>The demo home: rooms, weather and people who move from room to room. Deterministic: the same seed and steps give the same days.</summary>
internal sealed class DemoHome
{
    private readonly Weather _weather;
    private readonly Household _household;
    private readonly Random _random;

    public DemoHome(Random random)
    {
        _random = random;
        _weather = new Weather(random);
        _household = new Household(random);
        Rooms = [.. RoomPlan.DemoHome.Select(plan => new Room(plan, random))];
    }

    public IReadOnlyList<Room> Rooms { get; }

    public void Step(TimeSpan timeOfDay, double seconds)
    {
        _weather.Step(timeOfDay, seconds);
        foreach (var move in _household.Step(timeOfDay, seconds))
        {
            Follow(move);
        }

        foreach (var room in Rooms)
        {
            room.Step(new Surroundings(timeOfDay, seconds, _weather, _household.PeopleIn(room.Area)));
        }
    }

    public IEnumerable<FeedElement> Elements() => Rooms.SelectMany(room => room.Elements());

    private void Follow(Move move)
    {
        RoomOf(move.To)?.Move(50);
        // A person who leaves or comes home uses the front door, or from the garden also the gate.
        var outside = move.From is null || move.To is null;
        var garden = move.From == "Garden" || move.To == "Garden";
        if (garden)
        {
            RoomOf("Garden")!.OpenFor(8 + (_random.NextDouble() * 20));
        }
        else
        {
            RoomOf("Hall")!.Move(20);
        }

        if (outside && !garden)
        {
            RoomOf("Hall")!.OpenFor(8 + (_random.NextDouble() * 20));
        }

        if (move.From == "Bathroom" || move.To == "Bathroom")
        {
            RoomOf("Bathroom")!.OpenFor(6 + (_random.NextDouble() * 20));
        }
    }

    private Room? RoomOf(string? area) => Rooms.FirstOrDefault(room => room.Area == area);
}
