using System.Text.Encodings.Web;
using System.Text.Json;

namespace AllInOne.Benchmarks.Harness;

/// <summary>
/// The report for programs, with every round: <c>{conditions, figures: [{benchmark, metric, ours, peers, budget, met}], notes}</c>.
/// </summary>
internal static class JsonReport
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static void Write(Report report, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, JsonSerializer.Serialize(
            new { report.Conditions, Figures = report.Figures.Select(figure => Of(figure, report)), Notes = report.Notes.Distinct() }, Options));
    }

    private static object Of(Figure figure, Report report)
    {
        var peers = report.PeersOf([figure]);
        return new
        {
            figure.Benchmark,
            figure.Metric,
            Counts = figure.Worst ? "worst" : "median",
            Ours = Of(figure, Contender.Ours, null),
            Peers = peers.ToDictionary(peer => peer, peer => Of(figure, peer, figure.Of(Contender.Ours))),
            Budget = figure.Budget?.Text,
            Met = figure.IsMet(peers),
        };
    }

    private static object Of(Figure figure, string contender, double? ours) => new
    {
        Value = figure.Of(contender),
        Rounds = figure.Series[contender],
        OursToIt = figure.Of(contender) is { } value and not 0 ? ours / value : null,
    };
}
