namespace AllInOne.Benchmarks.Actors;

/// <summary>The durations of a measurement of a rate, here and in the peers.</summary>
internal static class Pace
{
    /// <summary>The time until the code is compiled and the heap has its size.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan Time = TimeSpan.FromSeconds(3);
}
