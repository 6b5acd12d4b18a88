using System.Globalization;
using System.Text.RegularExpressions;
using AllInOne.Server.Metrics;

namespace AllInOne.Server.Tests.Endpoints;

public sealed partial class MetricsEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task Every_family_has_its_help_its_type_and_samples_in_the_text_format()
    {
        using var response = await server.SendAsync("GET", "/metrics");
        var lines = (await response.Content.ReadAsStringAsync()).Split('\n');

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("", lines[^1]);
        string? family = null;
        var families = new HashSet<string>();
        foreach (var line in lines[..^1])
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                family = line.Split(' ')[2];
                Assert.True(families.Add(family), $"{family} twice");
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                Assert.Matches($"^# TYPE {family} (counter|gauge)$", line);
                Assert.Equal(family!.EndsWith("_total", StringComparison.Ordinal), line.EndsWith("counter", StringComparison.Ordinal));
            }
            else
            {
                var sample = Sample().Match(line);
                Assert.True(sample.Success, line);
                Assert.Equal(family, sample.Groups[1].Value);
            }
        }
    }

    [Fact]
    public async Task Rows_events_entities_and_requests_are_counted()
    {
        var before = await FiguresAsync();
        await server.FeedAsync("<event><sensor id=\"one\" state=\"1\"/><sensor id=\"two\" state=\"2\"/></event>");

        var after = await FiguresAsync();

        Assert.Equal(2, after["allinone_storage_rows_total{file=\"history\"}"] - before["allinone_storage_rows_total{file=\"history\"}"]);
        Assert.Equal(2, after["allinone_events_total"] - before["allinone_events_total"]);
        Assert.Equal(2, after["allinone_feed_elements_total{feed=\"xml\"}"] - before["allinone_feed_elements_total{feed=\"xml\"}"]);
        Assert.True(after["allinone_entities"] >= 2);
        Assert.True(after["allinone_http_requests_total{status=\"2xx\"}"] > before["allinone_http_requests_total{status=\"2xx\"}"]);
        Assert.Equal(1, after["allinone_ready"]);
        Assert.Equal(1, after[$"allinone_info{{node=\"test-node\",version=\"{ServerVersion.Text}\"}}"]);
        Assert.True(after["allinone_actor_children{path=\"/user/storage\"}"] >= 2);
    }

    [Fact]
    public async Task Each_file_has_its_writer_in_the_metrics_and_in_the_system_figures()
    {
        var figures = await FiguresAsync();
        var writers = (await server.GetJsonAsync("/api/system")).GetProperty("writers").EnumerateArray().ToList();

        Assert.Equal(["allinone", "history", "state"], writers.Select(one => one.GetProperty("file").GetString()));
        foreach (var writer in writers)
        {
            Assert.True(writer.GetProperty("ready").GetBoolean());
            Assert.Equal($"/user/storage/{writer.GetProperty("file").GetString()}", writer.GetProperty("actor").GetString());
            Assert.True(writer.GetProperty("figures").GetProperty("logBytes").GetInt64() >= 0);
            Assert.Equal(1, figures[$"allinone_storage_ready{{file=\"{writer.GetProperty("file").GetString()}\"}}"]);
        }
    }

    [Fact]
    public void Labels_are_escaped()
    {
        var text = new PrometheusText().Each("a", "gauge", "h", "l", ["x\"\\\ny"], one => one, _ => 1.5).ToString();

        Assert.Equal("# HELP a h\n# TYPE a gauge\na{l=\"x\\\"\\\\\\ny\"} 1.5\n", text);
    }

    private async Task<Dictionary<string, double>> FiguresAsync() => (await server.Client.GetStringAsync("/metrics"))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Where(line => line[0] != '#')
        .Select(line => line.Split(' '))
        .ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));

    [GeneratedRegex("""^([a-z_0-9]+)(?:\{(?:[a-z]+="(?:[^"\\\n]|\\.)*",?)+\})? [-+.E0-9]+$""")]
    private static partial Regex Sample();
}
