using System.Net;

namespace AllInOne.Server.Tests.Http.Requests;

public sealed class QueryTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("PUT", "/api/state/q?ttl=")]
    [InlineData("PUT", "/api/state/q?ttl")]
    [InlineData("PUT", "/api/state/q?durable=")]
    [InlineData("PUT", "/api/state/q?durable")]
    [InlineData("PUT", "/api/state/q?durable=true&durable=true")]
    [InlineData("PUT", "/api/state/q?ttl=1&TTL=1")]
    [InlineData("PUT", "/api/state/q?=1")]
    [InlineData("DELETE", "/api/state/q?durable=")]
    [InlineData("GET", "/api/state?prefix=")]
    [InlineData("GET", "/api/state?key=")]
    [InlineData("GET", "/api/state?limit=")]
    [InlineData("GET", "/api/entities?area=")]
    [InlineData("GET", "/api/entities?q")]
    [InlineData("GET", "/api/entities?cursor=")]
    [InlineData("GET", "/api/events?since=&timeout=0")]
    [InlineData("GET", "/api/events?topic=&timeout=0")]
    [InlineData("GET", "/api/runs?job=")]
    [InlineData("GET", "/api/runs?from=")]
    [InlineData("GET", "/api/jobs?tag=")]
    [InlineData("GET", "/api/system/actors?path=")]
    [InlineData("GET", "/api/system/actors/top?by=")]
    public async Task A_parameter_without_a_value_or_given_twice_is_400(string method, string path)
    {
        using var answer = await server.SendAsync(method, path, method == "PUT" ? "1" : null);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using var none = await server.Client.GetAsync("/api/state/q");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("[1,2]")]
    [InlineData("\"text\"")]
    public async Task A_merge_patch_of_a_value_that_is_no_object_replaces_it(string patch)
    {
        using var made = await server.SendAsync("PUT", "/api/state/patched", """{"a": 1}""");
        using var replaced = await server.SendAsync("PATCH", "/api/state/patched", patch);
        Assert.Equal(HttpStatusCode.OK, replaced.StatusCode);
        Assert.Equal(patch, await server.Client.GetStringAsync("/api/state/patched"));

        using var merged = await server.SendAsync("PATCH", "/api/state/patched", """{"b": {"c": null, "d": 2}}""");
        Assert.Equal(HttpStatusCode.OK, merged.StatusCode);
        Assert.Equal("""{"b":{"d":2}}""", await server.Client.GetStringAsync("/api/state/patched"));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("""{"id": 5}""")]
    [InlineData("""{"id": {}}""")]
    [InlineData("""{"id": ["a"]}""")]
    [InlineData("""{"id": true}""")]
    [InlineData("""{"id": "other"}""")]
    public async Task A_merge_patch_that_makes_no_document_is_422(string patch)
    {
        using var made = await server.SendAsync("PUT", "/api/collections/patched/documents/a", """{"a": 1}""");
        using var refused = await server.SendAsync("PATCH", "/api/collections/patched/documents/a", patch);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("The body is no document", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }
}
