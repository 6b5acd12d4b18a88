namespace AllInOne.Benchmarks.Harness;

internal static class Statistics
{
    public static double Median(IEnumerable<double> values) => Percentile(values.Order().ToList(), 50);

    /// <summary>Returns a percentile by nearest rank.</summary>
    /// <param name="sorted">The values, ascending, not empty.</param>
    /// <param name="percent">0 to 100.</param>
    public static double Percentile(IReadOnlyList<double> sorted, double percent) =>
        sorted[Math.Clamp((int)Math.Ceiling(sorted.Count * percent / 100) - 1, 0, sorted.Count - 1)];
}
