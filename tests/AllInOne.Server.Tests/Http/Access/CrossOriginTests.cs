using AllInOne.Server.Configuration;

namespace AllInOne.Server.Tests.Http.Access;

public sealed class CrossOriginTests : IAsyncLifetime, IDisposable
{
    private const string Named = "https://home.example:8443";

    private readonly TestServer _server = new() { Keys = { ["Http:Cors:Origins:0"] = Named } };

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    public void Dispose() => _server.Dispose();

    [Fact]
    public async Task A_named_origin_may_read_with_credentials()
    {
        using var response = await SendAsync(HttpMethod.Get, "/api/system", Named);

        Assert.Equal(200, (int)response.StatusCode);
        Assert.Equal([Named], response.Headers.GetValues("Access-Control-Allow-Origin"));
        Assert.Equal(["true"], response.Headers.GetValues("Access-Control-Allow-Credentials"));
        Assert.Contains("Origin", response.Headers.Vary);
    }

    [Fact]
    public async Task A_preflight_of_a_named_origin_is_answered_without_the_resource()
    {
        using var response = await SendAsync(HttpMethod.Options, "/api/entities/light.hall", Named, preflight: true);

        Assert.Equal(204, (int)response.StatusCode);
        Assert.Contains("PUT", response.Headers.GetValues("Access-Control-Allow-Methods").Single(), StringComparison.Ordinal);
        Assert.Contains("If-Match", response.Headers.GetValues("Access-Control-Allow-Headers").Single(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://home.example")]
    [InlineData("http://home.example:8443")]
    [InlineData("https://home.example:8443.evil.example")]
    [InlineData("null")]
    public async Task Another_origin_is_refused_and_gets_no_header(string origin)
    {
        foreach (var (method, preflight) in new[] { (HttpMethod.Get, false), (HttpMethod.Options, true) })
        {
            using var response = await SendAsync(method, "/api/system", origin, preflight);

            Assert.Equal(403, (int)response.StatusCode);
            Assert.False(response.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Theory]
    [InlineData("https://home.example", true)]
    [InlineData("http://127.0.0.1:3000", true)]
    [InlineData("https://home.example/", false)]
    [InlineData("https://home.example/path", false)]
    [InlineData("*", false)]
    [InlineData("home.example", false)]
    [InlineData("file:///x", false)]
    [InlineData("http://user@evil.com", false)]
    [InlineData("http://user:word@evil.com", false)]
    [InlineData("http://@evil.com", false)]
    [InlineData("http://evil.com?x", false)]
    [InlineData("http://evil.com#x", false)]
    [InlineData("http://evil.com:80", false)]
    [InlineData("http://*.evil.com", false)]
    [InlineData("http://bücher.example", false)]
    [InlineData("http://[::1]:3000", true)]
    [InlineData("HTTPS://Home.Example", true)]
    [InlineData(" http://home.example", false)]
    [InlineData("http://home.example:", false)]
    public void Only_origins_may_be_configured(string origin, bool valid) =>
        Assert.Equal(valid, !new CorsOptions { Origins = [origin] }.BrokenRules().Any());

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string origin, bool preflight = false)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Origin", origin);
        if (preflight)
        {
            request.Headers.Add("Access-Control-Request-Method", "PUT");
        }

        return await _server.Client.SendAsync(request);
    }
}
