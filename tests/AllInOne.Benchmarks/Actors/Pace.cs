namespace AllInOne.Benchmarks.Actors;

/// <summary>How long a rate is measured, here and in the peers.</summary>
internal static class Pace
{
    /// <summary>Until the code is compiled and the heap has its size.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public static readonly TimeSpan Time = TimeSpan.FromSeconds(3);
}
