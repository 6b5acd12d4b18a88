namespace AllInOne.Benchmarks.Harness;

/// <summary>The readings of a contest by key.</summary>
internal sealed class Outcome
{
    private readonly Dictionary<string, Series> _series = [];

    /// <summary>The series of a key; empty if no contender has a value for it.</summary>
    public Series this[string key] => _series.GetValueOrDefault(key) ?? new Series();

    public void Add(string key, string contender, double value)
    {
        if (!_series.TryGetValue(key, out var series))
        {
            _series[key] = series = new Series();
        }

        series.Add(contender, value);
    }
}

/// <summary>The values of each contender, one for each round.</summary>
internal sealed class Series
{
    private readonly Dictionary<string, List<double>> _values = [];

    public IEnumerable<string> Contenders => _values.Keys;

    /// <summary>The values of one contender; empty if it did not take part.</summary>
    public IReadOnlyList<double> this[string contender] => _values.GetValueOrDefault(contender) ?? [];

    /// <summary>A series of our own values alone.</summary>
    public static Series Ours(IEnumerable<double> values)
    {
        var series = new Series();
        foreach (var value in values)
        {
            series.Add(Contender.Ours, value);
        }

        return series;
    }

    public Series Add(string contender, double value)
    {
        if (!_values.TryGetValue(contender, out var values))
        {
            _values[contender] = values = [];
        }

        values.Add(value);
        return this;
    }

    /// <summary>Returns the values of each round as percentages of another series.</summary>
    public Series PercentOf(Series whole)
    {
        var percent = new Series();
        foreach (var (contender, values) in _values)
        {
            foreach (var (part, all) in values.Zip(whole[contender]))
            {
                percent.Add(contender, 100 * part / all);
            }
        }

        return percent;
    }
}
