using System.Net;
using System.Net.Http.Headers;

namespace AllInOne.Server.Tests.Http.Site;

public sealed class SiteMiddlewareTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Theory]
    [InlineData("/", "text/html")]
    [InlineData("/index.html", "text/html")]
    [InlineData("/app.mjs", "text/javascript")]
    [InlineData("/icon.svg", "image/svg+xml")]
    [InlineData("/app.webmanifest", "application/manifest+json")]
    [InlineData("/vendor/preact.mjs", "text/javascript")]
    [InlineData("/vendor/signals-core.mjs", "text/javascript")]
    public async Task A_file_has_its_type(string path, string type)
    {
        using var response = await server.Client.GetAsync(path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(type, response.Content.Headers.ContentType?.MediaType);
        Assert.True(response.Headers.CacheControl?.NoCache);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Fact]
    public async Task The_tag_is_of_the_content_and_gets_304()
    {
        using var first = await server.Client.GetAsync("/app.mjs");
        using var request = new HttpRequestMessage(HttpMethod.Get, "/app.mjs");
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Empty(await second.Content.ReadAsByteArrayAsync());
        File.WriteAllText(Path.Combine(server.SiteFolder, "other.mjs"), "export {};");
        using var same = await server.Client.GetAsync("/other.mjs");
        Assert.Equal(first.Headers.ETag, same.Headers.ETag);
    }

    [Theory]
    [InlineData("/entities/light.hall")]
    [InlineData("/system")]
    [InlineData("/old.html")]
    public async Task A_browser_that_navigates_gets_the_page_for_every_path(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/html"));

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("text/html", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("GET", "/metrics")]
    [InlineData("GET", "/old.mjs")]
    [InlineData("POST", "/nowhere")]
    public async Task A_program_that_requests_a_missing_file_gets_404(string method, string path)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Accept.ParseAdd("*/*");

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("/..%2f..%2fetc%2fpasswd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    public async Task Nothing_outside_the_folder_is_served(string path)
    {
        using var response = await server.Client.GetAsync(path);

        Assert.DoesNotContain("root:", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_policy_of_a_page_names_its_inline_scripts_by_hash()
    {
        using var response = await server.Client.GetAsync("/");

        var policy = response.Headers.GetValues("Content-Security-Policy").Single();
        // printf 'one()' | openssl dgst -sha256 -binary | base64
        Assert.Contains("script-src 'self' 'sha256-HR7iaask9daLMRRskMI++QeJtjWDOjyPA6lGzYGzKW4=';", policy, StringComparison.Ordinal);
    }
}
