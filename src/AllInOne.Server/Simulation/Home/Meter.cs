namespace AllInOne.Server.Simulation.Home;

/// <summary>
/// A measuring device. It shows a new value only if the difference is large enough, so that it does not flicker between two values.
/// </summary>
/// <param name="step">The smallest difference that it shows.</param>
/// <param name="share">The smallest difference as a share of the shown value; the larger of the two counts.</param>
internal sealed class Meter(double step, double share = 0)
{
    public double Shown { get; private set; }

    public void Measure(double value)
    {
        if (Math.Abs(value - Shown) >= Math.Max(step, share * Math.Abs(Shown)))
        {
            Shown = value;
        }
    }
}
