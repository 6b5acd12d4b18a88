namespace AllInOne.Server.Simulation.Home;

/// <summary>What people do in a room besides being there.</summary>
internal enum Habit
{
    None,
    Cooking,
    Television,
    Showering,
}

/// <summary>A lamp and what it draws at full brightness.</summary>
internal sealed record LampPlan(string Name, double Watts);

/// <summary>A door or a window.</summary>
internal sealed record OpeningPlan(string Name, bool IsWindow);

/// <summary>How a room is built and furnished.</summary>
/// <param name="Name">Its area.</param>
/// <param name="Opening">The one door or window that matters.</param>
/// <param name="Lamps">The first one lights up on motion, the second makes an evening cosy.</param>
/// <param name="BaseWatts">What it always draws.</param>
/// <param name="Target">What the heating is set to by day, in °C.</param>
/// <param name="Habit">What is done there.</param>
/// <param name="Outdoors">It has the weather's temperature, and no heating.</param>
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

    /// <summary>The beginning of its entities' ids.</summary>
    public string Slug { get; } = ToSlug(Name);

    public static string ToSlug(string name) => name.ToLowerInvariant().Replace(' ', '_');
}
