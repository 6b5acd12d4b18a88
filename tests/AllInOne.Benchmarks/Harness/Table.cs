namespace AllInOne.Benchmarks.Harness;

/// <summary>The report in Markdown, one table for each benchmark.</summary>
internal static class Table
{
    public static void Write(Report report, TextWriter output)
    {
        foreach (var figures in report.Figures.GroupBy(figure => figure.Benchmark))
        {
            Write(figures.Key, figures.ToList(), report, output);
        }

        foreach (var note in report.Notes.Distinct())
        {
            output.WriteLine($"{Environment.NewLine}- {note}");
        }
    }

    /// <summary>Three digits, or all digits before the decimal point if they are more.</summary>
    public static string Number(double value) => Math.Abs(value) switch
    {
        >= 100 => $"{value:N0}",
        >= 10 => $"{value:0.#}",
        _ => $"{value:0.##}",
    };

    private static void Write(string benchmark, List<Figure> figures, Report report, TextWriter output)
    {
        var peers = report.PeersOf(figures);
        string[] head = [benchmark, Contender.Ours, .. peers.SelectMany(peer => new[] { peer, "ours / it" }), "budget", "met"];
        output.WriteLine();
        WriteRow(head, output);
        WriteRow(head.Select(_ => "---"), output);
        foreach (var figure in figures)
        {
            WriteRow(Cells(figure, peers), output);
        }
    }

    private static IEnumerable<string> Cells(Figure figure, IReadOnlyList<string> peers)
    {
        var ours = figure.Of(Contender.Ours);
        yield return figure.Metric;
        yield return Cell(ours);
        foreach (var peer in peers)
        {
            yield return Cell(figure.Of(peer));
            yield return Cell(figure.Of(peer) is { } theirs and not 0 ? ours / theirs : null);
        }

        yield return figure.Budget?.Text ?? "";
        yield return figure.IsMet(peers) switch { true => "yes", false => "**no**", null => "" };
    }

    private static string Cell(double? value) => value is { } number ? Number(number) : "";

    private static void WriteRow(IEnumerable<string> cells, TextWriter output) => output.WriteLine($"| {string.Join(" | ", cells)} |");
}
