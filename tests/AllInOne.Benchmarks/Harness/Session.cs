namespace AllInOne.Benchmarks.Harness;

/// <summary>The services for one benchmark: contests of its probe, and rows of the report.</summary>
internal sealed class Session(string benchmark, RunOptions options, Report report)
{
    public int Rounds => options.Rounds;

    public int Seconds => options.Seconds;

    /// <summary>Runs the benchmark's probe, in a clean process for each round, with the contenders in turn.</summary>
    public Outcome Contest(params string[] arguments) => Contest(_ => true, arguments);

    /// <summary>Runs the probe without peers.</summary>
    public Outcome Alone(params string[] arguments) => Contest(contender => contender.Name == Contender.Ours, arguments);

    /// <summary>Adds a row.</summary>
    /// <param name="metric">The name of the figure, with its unit.</param>
    /// <param name="series">The values.</param>
    /// <param name="budget">The required value, or null.</param>
    /// <param name="worst">Whether the largest of the rounds is reported instead of the median.</param>
    public void Add(string metric, Series series, Budget? budget = null, bool worst = false) =>
        report.Add(new Figure(benchmark, metric, series, budget, worst));

    /// <summary>Adds a line below the table.</summary>
    public void Note(string text) => report.Note($"{benchmark}: {text}");

    /// <summary>Records the failure of the benchmark. The figures that are already measured stay.</summary>
    public void Fail(Exception failure)
    {
        report.Failed = true;
        Note($"failed: {failure}");
    }

    private Outcome Contest(Func<Contender, bool> takesPart, string[] arguments)
    {
        var outcome = new Outcome();
        var contenders = report.Contenders.Where(takesPart).ToList();
        for (var round = 0; round < options.Rounds; round++)
        {
            foreach (var contender in contenders)
            {
                Probe(contender, arguments, outcome);
            }
        }

        return outcome;
    }

    private void Probe(Contender contender, string[] arguments, Outcome outcome)
    {
        if (contender.Start(benchmark, arguments) is not { } start)
        {
            return;
        }

        Console.Error.WriteLine($"{benchmark} {string.Join(' ', arguments)}: {contender.Name}");
        var readings = ProbeProcess.Run(start, out var problem);
        foreach (var (key, value) in readings)
        {
            outcome.Add(key, contender.Name, value);
        }

        if (problem is not null)
        {
            Note($"{contender.Name} ({string.Join(' ', arguments)}) {problem}");
        }
    }
}
