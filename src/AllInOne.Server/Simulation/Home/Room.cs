namespace AllInOne.Server.Simulation.Home;

/// <summary>The influences on a room in one step.</summary>
/// <param name="TimeOfDay">The home's time.</param>
/// <param name="Seconds">The length of the step; it is much shorter than each time constant.</param>
/// <param name="Weather">The weather outside.</param>
/// <param name="People">The number of people in the room.</param>
internal readonly record struct Surroundings(TimeSpan TimeOfDay, double Seconds, Weather Weather, int People);

/// <summary>
/// One room and its devices, with simple physics: the room loses warmth, faster through an open door or window; the heating has a hysteresis; motion
/// switches a lamp on if it is dark; the power is the sum of all devices that are on.
/// </summary>
internal sealed class Room(RoomPlan plan, Random random)
{
    private const double LampSeconds = 180;
    private const double FullBrightness = 255;
    private const double WallHours = 14;
    private const double OpenHours = 0.7;
    private const double HeatingPerHour = 2.5;

    private readonly Appliance _appliance = new(plan, random);
    private readonly Meter _thermometer = new(0.08);
    private readonly Meter _hygrometer = new(0.7);
    private readonly Meter _powerMeter = new(2, 0.02);
    private double _temperature = plan.Outdoors ? 12 : plan.Target;
    private double _humidity = plan.Outdoors ? 70 : 46;
    private double _motionSeconds;
    private double _openSeconds;
    private double _litSeconds;
    private bool _heating;
    private bool _secondLamp;
    private int _brightnessPercent = 80;

    public string Area => plan.Name;

    public double Temperature => _temperature;

    public bool Motion => _motionSeconds > 0;

    public bool Open => _openSeconds > 0;

    public bool Lit => _litSeconds > 0;

    public double Watts => _powerMeter.Shown;

    /// <summary>Records the motion of a person who enters, leaves or crosses the room.</summary>
    public void Move(double seconds) => _motionSeconds = Math.Max(_motionSeconds, seconds);

    /// <summary>Opens the door or window for some time.</summary>
    public void OpenFor(double seconds) => _openSeconds = Math.Max(_openSeconds, seconds);

    public void Step(in Surroundings now)
    {
        var asleep = plan.Name == "Bedroom" && Household.IsNight(now.TimeOfDay);
        Stir(now, asleep);
        Light(now, asleep);
        _appliance.Step(now, asleep);
        Warm(now);
        Dampen(now);
        _thermometer.Measure(_temperature);
        _hygrometer.Measure(_humidity);
        _powerMeter.Measure(plan.BaseWatts + _appliance.Watts + LampWatts());
    }

    public IEnumerable<FeedElement> Elements()
    {
        yield return Sensor("temperature", "°C", FeedElement.Number(_thermometer.Shown, 1));
        yield return Sensor("humidity", "%", FeedElement.Number(_hygrometer.Shown, 0));
        yield return Element("binary_sensor", "Motion", FeedElement.OnOff(Motion), "motion");
        yield return Element("binary_sensor", plan.Opening.Name, FeedElement.OnOff(Open), plan.Opening.IsWindow ? "window" : "door");
        for (var i = 0; i < plan.Lamps.Count; i++)
        {
            var on = IsOn(i);
            yield return Element(
                "light", plan.Lamps[i].Name, FeedElement.OnOff(on), null, ("brightness", FeedElement.Number(on ? FullBrightness * _brightnessPercent / 100 : 0, 0)));
        }

        yield return Sensor("power", "W", FeedElement.Number(_powerMeter.Shown, 0));
    }

    private void Stir(in Surroundings now, bool asleep)
    {
        _motionSeconds = Math.Max(0, _motionSeconds - now.Seconds);
        _openSeconds = Math.Max(0, _openSeconds - now.Seconds);
        if (now.People == 0)
        {
            return;
        }

        if (Happens(asleep ? 1800 : 45.0 / now.People, now.Seconds))
        {
            _motionSeconds = 25 + (random.NextDouble() * 40);
        }

        // Windows are opened for fresh air, earlier if it is damp or too warm.
        var stuffy = _humidity > 58 || _temperature > plan.Target + 1.5;
        if (plan.Opening.IsWindow && !Open && !asleep && Happens(stuffy ? 600 : 5400, now.Seconds))
        {
            _openSeconds = 240 + (random.NextDouble() * 420);
        }
    }

    private void Light(in Surroundings now, bool asleep)
    {
        _litSeconds = Math.Max(0, _litSeconds - now.Seconds);
        if (Motion && !asleep && Weather.IsDark(now.TimeOfDay))
        {
            _brightnessPercent = Lit ? _brightnessPercent : Household.IsNight(now.TimeOfDay) ? 20 : now.TimeOfDay.TotalHours > 21 ? 55 : 80;
            _litSeconds = LampSeconds;
        }

        _secondLamp = now.People > 0 && !asleep && (now.TimeOfDay.TotalHours is > 19 or (> 6.5 and < 8));
    }

    private void Warm(in Surroundings now)
    {
        if (plan.Outdoors)
        {
            _temperature = now.Weather.Temperature;
            return;
        }

        var hours = now.Seconds / 3600;
        var target = Household.IsNight(now.TimeOfDay) ? plan.Target - 2 : plan.Target;
        _heating = _temperature < target - 0.3 || (_heating && _temperature < target + 0.2);
        var leak = (now.Weather.Temperature - _temperature) / (Open ? OpenHours : WallHours);
        var gain = (_heating ? HeatingPerHour : 0) + (0.15 * now.People) + _appliance.Heat;
        _temperature += (leak + gain) * hours;
    }

    private void Dampen(in Surroundings now)
    {
        if (plan.Outdoors)
        {
            _humidity = now.Weather.Humidity;
            return;
        }

        var hours = now.Seconds / 3600;
        var (toward, over) = Open ? (Math.Min(60, now.Weather.Humidity), 0.4) : (45.0, 1.5);
        _humidity += ((toward - _humidity) / over * hours) + (_appliance.Steam * hours);
        _humidity = Math.Clamp(_humidity, 25, 95);
    }

    private bool IsOn(int lamp) => lamp == 0 ? Lit : _secondLamp;

    private double LampWatts() => plan.Lamps.Select((lamp, i) => IsOn(i) ? lamp.Watts * _brightnessPercent / 100 : 0).Sum();

    /// <summary>Whether an event with a mean interval of <paramref name="mean"/> seconds happens in this step.</summary>
    private bool Happens(double mean, double seconds) => random.NextDouble() < 1 - Math.Exp(-seconds / mean);

    private FeedElement Sensor(string measure, string unit, string state) =>
        new("sensor", $"{plan.Slug}_{measure}", state, $"{plan.Name} {measure}", plan.Name, measure, unit, []);

    private FeedElement Element(string domain, string name, string state, string? kind, params (string Name, string Value)[] attributes)
    {
        var inSentence = char.ToLowerInvariant(name[0]) + name[1..];
        return new(domain, $"{plan.Slug}_{RoomPlan.ToSlug(name)}", state, $"{plan.Name} {inSentence}", plan.Name, kind, null, attributes);
    }
}
