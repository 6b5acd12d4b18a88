using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Http;

public sealed class RequestLogTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Fact]
    public async Task A_request_is_one_line_with_method_path_status_time_and_trace()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/lost%0Apath?token=secret");
        request.Headers.Add("traceparent", "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01");

        using var response = await server.Client.SendAsync(request);

        var line = await server.Log.LineWith("/api/lost%0Apath");
        Assert.Matches(@"^GET /api/lost%0Apath 404 in \d+\.\d ms, trace 0123456789abcdef0123456789abcdef$", line.Text);
        Assert.Equal(LogLevel.Information, line.Level);
        Assert.DoesNotContain(server.Log.Lines, other => other.Text.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Health_probes_are_logged_at_debug_only()
    {
        await server.Client.GetStringAsync("/healthz");

        Assert.Equal(LogLevel.Debug, (await server.Log.LineWith("GET /healthz")).Level);
    }
}
