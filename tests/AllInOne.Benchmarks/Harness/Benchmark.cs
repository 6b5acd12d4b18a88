namespace AllInOne.Benchmarks.Harness;

/// <summary>A measured value under its name, as a probe answers it.</summary>
internal readonly record struct Reading(string Key, double Value);

/// <summary>One benchmark of the contents page.</summary>
/// <param name="Name"><c>area.name</c>; the area alone picks all of it.</param>
/// <param name="Run">Measures and reports, in the process that prints.</param>
/// <param name="Probe">
/// What is measured in a clean process of its own, once for each round: takes arguments, warms up, answers readings. A peer has
/// one of the same name, arguments and keys.
/// </param>
internal sealed record Benchmark(string Name, Action<Session> Run, Func<string[], IEnumerable<Reading>>? Probe = null)
{
    public bool IsMeantBy(string word) => Name == word || Name.StartsWith(word + ".", StringComparison.Ordinal);
}
