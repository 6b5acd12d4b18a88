namespace AllInOne.Benchmarks.Harness;

/// <summary>A measured value with its name, as a probe prints it.</summary>
internal readonly record struct Reading(string Key, double Value);

/// <summary>One benchmark of the contents page.</summary>
/// <param name="Name"><c>area.name</c>; the area alone selects all of its benchmarks.</param>
/// <param name="Run">Measures and reports, in the process that prints the table.</param>
/// <param name="Probe">
/// The measurement in a clean process, once for each round: it takes arguments, warms up and returns readings. A peer has a
/// probe of the same name, with the same arguments and keys.
/// </param>
internal sealed record Benchmark(string Name, Action<Session> Run, Func<string[], IEnumerable<Reading>>? Probe = null)
{
    public bool IsMeantBy(string word) => Name == word || Name.StartsWith(word + ".", StringComparison.Ordinal);
}
