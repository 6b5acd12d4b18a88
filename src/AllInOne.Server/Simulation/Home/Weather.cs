namespace AllInOne.Server.Simulation.Home;

/// <summary>A mild spring day outside: warmest at three, coldest before dawn, with a slow drift of its own.</summary>
internal sealed class Weather(Random random)
{
    private const double MeanTemperature = 12;
    private const double DailySwing = 6;
    private const double WarmestHour = 15;
    private const double DriftHours = 4;

    private double _drift;

    public double Temperature { get; private set; } = MeanTemperature;

    /// <summary>Relative humidity in percent: the warmer the drier.</summary>
    public double Humidity => Math.Clamp(74 - (2.2 * (Temperature - MeanTemperature)), 35, 98);

    /// <summary>Too dark to do without a lamp.</summary>
    public static bool IsDark(TimeSpan timeOfDay) => timeOfDay.TotalHours is < 7 or > 18.5;

    public void Step(TimeSpan timeOfDay, double seconds)
    {
        // Pulled back to nothing over some hours while small pushes add up: a random walk that stays near.
        var hours = seconds / 3600;
        _drift += (-_drift * hours / DriftHours) + (1.2 * Math.Sqrt(hours) * ((random.NextDouble() * 2) - 1));
        Temperature = MeanTemperature + (DailySwing * Math.Cos((timeOfDay.TotalHours - WarmestHour) / 24 * Math.Tau)) + _drift;
    }
}
