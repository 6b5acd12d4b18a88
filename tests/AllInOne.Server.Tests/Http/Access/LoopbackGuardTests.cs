namespace AllInOne.Server.Tests.Http.Access;

public sealed class LoopbackGuardTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("LOCALHOST:1234", 200)]
    [InlineData("127.0.0.1", 200)]
    [InlineData("127.1.2.3:80", 200)]
    [InlineData("[::1]:8080", 200)]
    [InlineData("example.org", 403)]
    [InlineData("localhost.example.org", 403)]
    [InlineData("127.0.0.1.example.org:8080", 403)]
    [InlineData("192.168.1.10:8080", 403)]
    [InlineData("0.0.0.0", 403)]
    public async Task Only_this_machine_is_a_host(string host, int status)
    {
        foreach (var path in (string[])["/api/things", "/healthz", "/"])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Host = host;

            using var response = await server.Client.SendAsync(request);

            Assert.Equal(status, (int)response.StatusCode);
        }
    }

    [Theory]
    [InlineData("http://localhost:8080", "localhost:8080", 200)]
    [InlineData("https://localhost", "localhost", 200)]
    [InlineData("http://localhost", "localhost:80", 200)]
    [InlineData("http://[::1]:8080", "[::1]:8080", 200)]
    [InlineData("http://localhost:3000", "localhost:8080", 403)]
    [InlineData("http://example.org", "localhost:8080", 403)]
    [InlineData("http://localhost.example.org:8080", "localhost:8080", 403)]
    [InlineData("null", "localhost:8080", 403)]
    [InlineData("file://localhost:8080", "localhost:8080", 403)]
    [InlineData("nonsense", "localhost:8080", 403)]
    public async Task Only_a_page_of_this_server_is_an_origin(string origin, string host, int status)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/things");
        request.Headers.Host = host;
        request.Headers.Add("Origin", origin);

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("POST", "cross-site", 403)]
    [InlineData("PUT", "cross-site", 403)]
    [InlineData("DELETE", "cross-site", 403)]
    [InlineData("DELETE", "same-origin", 405)]
    [InlineData("DELETE", "none", 405)]
    [InlineData("GET", "cross-site", 200)]
    public async Task An_unsafe_request_that_a_browser_calls_cross_site_is_refused(string method, string site, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/api/things");
        request.Headers.Add("Sec-Fetch-Site", site);

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
    }
}
