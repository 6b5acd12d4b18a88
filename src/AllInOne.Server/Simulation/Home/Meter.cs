namespace AllInOne.Server.Simulation.Home;

/// <summary>A measuring device: it shows a new value only when it is off by enough, so that it does not flicker between two.</summary>
/// <param name="step">The least difference it shows.</param>
/// <param name="share">The same as a share of what it shows; the larger of the two counts.</param>
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
