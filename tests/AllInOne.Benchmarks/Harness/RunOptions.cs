namespace AllInOne.Benchmarks.Harness;

/// <summary>The options of the command line.</summary>
/// <param name="Chosen">The benchmarks to run; all if no name is given.</param>
/// <param name="Rounds">The number of times that each measurement is made, alternating with the peers; the medians are reported.</param>
/// <param name="Seconds">The duration of one case of fairness or inspection.</param>
/// <param name="JsonFile">The file of the figures.</param>
internal sealed record RunOptions(IReadOnlyList<Benchmark> Chosen, int Rounds, int Seconds, string JsonFile)
{
    /// <summary>Parses the command line. Returns null, and writes a line with the reason, if it is invalid.</summary>
    public static RunOptions? Parse(string[] arguments, IReadOnlyList<Benchmark> benchmarks, TextWriter errors)
    {
        var words = new List<string>();
        var options = new Dictionary<string, string>
        {
            ["--rounds"] = "3",
            ["--seconds"] = "10",
            ["--json"] = Path.Combine("BenchmarkDotNet.Artifacts", "benchmarks.json"),
        };
        for (var at = 0; at < arguments.Length; at++)
        {
            if (options.ContainsKey(arguments[at]) && at + 1 < arguments.Length)
            {
                options[arguments[at]] = arguments[++at];
            }
            else
            {
                words.Add(arguments[at]);
            }
        }

        if (words.Find(word => !benchmarks.Any(benchmark => benchmark.IsMeantBy(word))) is { } unknown)
        {
            errors.WriteLine(
                $"There is no benchmark or option '{unknown}': {string.Join(", ", benchmarks.Select(benchmark => benchmark.Name))}; {string.Join(", ", options.Keys)}.");
            return null;
        }

        if (!int.TryParse(options["--rounds"], out var rounds) || !int.TryParse(options["--seconds"], out var seconds) || rounds < 1 || seconds < 1)
        {
            errors.WriteLine("--rounds and --seconds take a number of at least 1.");
            return null;
        }

        var chosen = benchmarks.Where(benchmark => words.Count == 0 || words.Exists(benchmark.IsMeantBy)).ToList();
        return new RunOptions(chosen, rounds, seconds, Path.GetFullPath(options["--json"]));
    }
}
