namespace AllInOne.Server.Simulation.Home;

/// <summary>A move of a person from one place to another; null is away from home.</summary>
internal readonly record struct Move(string? From, string? To);

/// <summary>The three people of the home, who follow the clock: where they are, and when they move.</summary>
internal sealed class Household
{
    private const int People = 3;
    private readonly Random _random;
    private readonly Person[] _people;

    public Household(Random random)
    {
        _random = random;
        _people = [.. Enumerable.Range(0, People).Select(_ => new Person())];
    }

    public int PeopleIn(string area) => _people.Count(person => person.Place == area);

    /// <summary>Whether the people in the bedroom sleep: at night they do not move and need no light.</summary>
    public static bool IsNight(TimeSpan timeOfDay) => timeOfDay.TotalHours is < 6.5 or > 23.5;

    public IReadOnlyList<Move> Step(TimeSpan timeOfDay, double seconds)
    {
        var moves = new List<Move>();
        foreach (var person in _people)
        {
            person.SecondsLeft -= seconds;
            if (person.SecondsLeft > 0)
            {
                continue;
            }

            var to = Choose(Wishes(timeOfDay.TotalHours));
            person.SecondsLeft = Exponential(StaySeconds(to, timeOfDay));
            if (to != person.Place)
            {
                moves.Add(new Move(person.Place, to));
                person.Place = to;
            }
        }

        return moves;
    }

    /// <summary>The weights of the places for a person, by the hour.</summary>
    private static (string? Place, double Weight)[] Wishes(double hour) => hour switch
    {
        < 6.5 => [("Bedroom", 30), ("Bathroom", 1), ("Kitchen", 0.5)],
        < 9 => [("Kitchen", 4), ("Bathroom", 4), ("Bedroom", 2), ("Hall", 1), (null, 1)],
        < 17 => [(null, 3), ("Living room", 3), ("Kitchen", 2.5), ("Garden", 2), ("Bathroom", 1), ("Bedroom", 0.5)],
        < 22.5 => [("Living room", 5), ("Kitchen", 3), ("Garden", 1), ("Bathroom", 1.5), ("Bedroom", 0.5), (null, 0.5)],
        _ => [("Bedroom", 6), ("Bathroom", 2), ("Living room", 1)],
    };

    private static double StaySeconds(string? place, TimeSpan timeOfDay) => place switch
    {
        null => 90 * 60,
        "Bedroom" when IsNight(timeOfDay) => 150 * 60,
        "Hall" => 60,
        "Bathroom" => 5 * 60,
        _ => 8 * 60,
    };

    private string? Choose((string? Place, double Weight)[] wishes)
    {
        var at = _random.NextDouble() * wishes.Sum(wish => wish.Weight);
        foreach (var (place, weight) in wishes)
        {
            at -= weight;
            if (at < 0)
            {
                return place;
            }
        }

        return wishes[^1].Place;
    }

    private double Exponential(double mean) => -mean * Math.Log(1 - _random.NextDouble());

    private sealed class Person
    {
        public string? Place { get; set; } = "Living room";

        public double SecondsLeft { get; set; }
    }
}
