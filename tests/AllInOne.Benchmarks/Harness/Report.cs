namespace AllInOne.Benchmarks.Harness;

/// <summary>One row: our values, the values of the peers, and the budget of our value.</summary>
internal sealed record Figure(string Benchmark, string Metric, Series Series, Budget? Budget, bool Worst)
{
    /// <summary>The median of the rounds of a contender, or the worst round; null if it has no value.</summary>
    public double? Of(string contender) =>
        Series[contender] is not { Count: > 0 } values ? null : Worst ? values.Max() : Statistics.Median(values);

    /// <summary>
    /// Whether our value is within the budget. "The peer" of a budget is the first one with a value here. Null without a budget or a value.
    /// </summary>
    public bool? IsMet(IReadOnlyList<string> peers) =>
        Budget is not null && Of(Contender.Ours) is { } ours ? Budget.IsMet(ours, ValuesOf(peers).ToList()) : null;

    private IEnumerable<PeerValue> ValuesOf(IReadOnlyList<string> peers)
    {
        foreach (var peer in peers)
        {
            if (Of(peer) is { } value)
            {
                yield return new PeerValue(peer, value);
            }
        }
    }
}

/// <summary>All measured figures.</summary>
internal sealed class Report(Conditions conditions, IReadOnlyList<Contender> contenders)
{
    private readonly List<Figure> _figures = [];
    private readonly List<string> _notes = [];

    public Conditions Conditions => conditions;

    public IReadOnlyList<Contender> Contenders => contenders;

    public IReadOnlyList<Figure> Figures => _figures;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Whether a benchmark could not be completed.</summary>
    public bool Failed { get; set; }

    public void Add(Figure figure) => _figures.Add(figure);

    public void Note(string text) => _notes.Add(text);

    /// <summary>The peers with a value in one of the rows, in the order of the contenders, then the peers of single rows.</summary>
    public IReadOnlyList<string> PeersOf(IReadOnlyCollection<Figure> figures) =>
        contenders.Select(contender => contender.Name)
            .Concat(figures.SelectMany(figure => figure.Series.Contenders))
            .Distinct()
            .Where(name => name != Contender.Ours && figures.Any(figure => figure.Of(name) is not null))
            .ToList();
}
