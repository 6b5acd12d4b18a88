using System.Globalization;
using System.Text;

namespace AllInOne.Server.Metrics;

/// <summary>
/// The writer of Prometheus' text format, version 0.0.4: each family of samples has HELP and TYPE once, then a line for each sample. The values of
/// labels are escaped; names and kinds are constants.
/// </summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    public PrometheusText Counter(string name, string help, double value) => Family(name, "counter", help).Sample(name, value);

    public PrometheusText Gauge(string name, string help, double value) => Family(name, "gauge", help).Sample(name, value);

    /// <summary>Writes a sample with the value 1, whose labels have the information.</summary>
    public PrometheusText Info(string name, string help, params IReadOnlyList<(string Label, string Value)> labels) =>
        Family(name, "gauge", help).Sample(name, 1, $"{{{string.Join(',', labels.Select(one => $"{one.Label}=\"{Escaped(one.Value)}\""))}}}");

    /// <summary>Writes a family with one sample for each item; one label distinguishes them.</summary>
    public PrometheusText Each<T>(
        string name, string kind, string help, string label, IEnumerable<T> items, Func<T, string> labelOf, Func<T, double> value)
    {
        Family(name, kind, help);
        foreach (var item in items)
        {
            Sample(name, value(item), $"{{{label}=\"{Escaped(labelOf(item))}\"}}");
        }

        return this;
    }

    public override string ToString() => _text.ToString();

    private PrometheusText Family(string name, string kind, string help)
    {
        _text.Append("# HELP ").Append(name).Append(' ').Append(help).Append('\n');
        _text.Append("# TYPE ").Append(name).Append(' ').Append(kind).Append('\n');
        return this;
    }

    private PrometheusText Sample(string name, double value, string labels = "")
    {
        _text.Append(name).Append(labels).Append(' ').Append(value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        return this;
    }

    private static string Escaped(string value) => value
        .Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal)
        .Replace("\n", "\\n", StringComparison.Ordinal);
}
