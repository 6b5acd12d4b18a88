namespace AllInOne.Server.Simulation.Home;

/// <summary>The weather of a mild spring day: warmest at three in the afternoon, coldest before dawn, with a slow random drift.</summary>
internal sealed class Weather(Random random)
{
    private const double MeanTemperature = 12;
    private const double DailySwing = 6;
    private const double WarmestHour = 15;
    private const double DriftHours = 4;

    private double _drift;

    public double Temperature { get; private set; } = MeanTemperature;

    /// <summary>The relative humidity in percent; it is lower when it is warmer.</summary>
    public double Humidity => Math.Clamp(74 - (2.2 * (Temperature - MeanTemperature)), 35, 98);

    /// <summary>Whether it is so dark that people need a lamp.</summary>
    public static bool IsDark(TimeSpan timeOfDay) => timeOfDay.TotalHours is < 7 or > 18.5;

    public void Step(TimeSpan timeOfDay, double seconds)
    {
        // A random walk that returns to zero within some hours.
        var hours = seconds / 3600;
        _drift += (-_drift * hours / DriftHours) + (1.2 * Math.Sqrt(hours) * ((random.NextDouble() * 2) - 1));
        Temperature = MeanTemperature + (DailySwing * Math.Cos((timeOfDay.TotalHours - WarmestHour) / 24 * Math.Tau)) + _drift;
    }
}
