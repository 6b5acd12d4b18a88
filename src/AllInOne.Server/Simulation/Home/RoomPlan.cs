namespace AllInOne.Server.Simulation.Home;

/// <summary>The activities of people in a room.</summary>
internal enum Habit
{
    None,
    Cooking,
    Television,
    Showering,
}

/// <summary>A lamp and its power at full brightness.</summary>
internal sealed record LampPlan(string Name, double Watts);

/// <summary>A door or a window.</summary>
internal sealed record OpeningPlan(string Name, bool IsWindow);

/// <summary>The plan of a room and its devices.</summary>
/// <param name="Name">The area.</param>
/// <param name="Opening">The door or window that is simulated.</param>
/// <param name="Lamps">The lamps: motion switches the first one on; the second one is on in the evening.</param>
/// <param name="BaseWatts">The power of the room when all devices are off.</param>
/// <param name="Target">The target of the heating by day, in °C.</param>
/// <param name="Habit">The activity of people there.</param>
/// <param name="Outdoors">Whether it is outdoors: with the temperature of the weather, without heating.</param>
internal sealed record RoomPlan(
    string Name, OpeningPlan Opening, IReadOnlyList<LampPlan> Lamps, double BaseWatts, double Target, Habit Habit = Habit.None, bool Outdoors = false)
{
    /// <summary>The demo home: six areas with forty entities.</summary>
    public static IReadOnlyList<RoomPlan> DemoHome { get; } =
    [
        new("Living room", new("Window", IsWindow: true), [new("Ceiling light", 60), new("Floor lamp", 15)], 25, 21, Habit.Television),
        new("Kitchen", new("Window", IsWindow: true), [new("Ceiling light", 40), new("Worktop light", 12)], 35, 20.5, Habit.Cooking),
        new("Bedroom", new("Window", IsWindow: true), [new("Ceiling light", 35), new("Bedside lamp", 8)], 4, 19),
        new("Bathroom", new("Door", IsWindow: false), [new("Ceiling light", 30), new("Mirror light", 12)], 3, 22.5, Habit.Showering),
        new("Hall", new("Front door", IsWindow: false), [new("Ceiling light", 25)], 12, 19),
        new("Garden", new("Gate", IsWindow: false), [new("Path lights", 20)], 6, 0, Outdoors: true),
    ];

    /// <summary>The prefix of the ids of its entities.</summary>
    public string Slug { get; } = ToSlug(Name);

    public static string ToSlug(string name) => name.ToLowerInvariant().Replace(' ', '_');
}
