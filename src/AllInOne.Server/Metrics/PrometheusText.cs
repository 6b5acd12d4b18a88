using System.Globalization;
using System.Text;

namespace AllInOne.Server.Metrics;

/// <summary>
/// Prometheus' text format, version 0.0.4: a family of samples has its HELP and TYPE once, then a line for each sample. Names
/// and kinds are constants; the values of labels are escaped.
/// </summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    public PrometheusText Counter(string name, string help, double value) => Family(name, "counter", help).Sample(name, value);

    public PrometheusText Gauge(string name, string help, double value) => Family(name, "gauge", help).Sample(name, value);

    /// <summary>A family with one sample for each item, told apart by one label.</summary>
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
