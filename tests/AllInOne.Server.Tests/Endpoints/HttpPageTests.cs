using System.Net;
using AllInOne.Server.Endpoints;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace AllInOne.Server.Tests.Endpoints;

public sealed class HttpPageTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public void The_page_on_HTTP_names_every_resource_with_its_methods_and_no_other()
    {
        var documented = File.ReadLines(Repository.At("docs", "http.md"))
            .Where(line => line.StartsWith("| `/", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .SelectMany(cells => cells[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(method => $"{method} {cells[1].Trim(' ', '`')}"));

        Assert.Equal(Mapped().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_parameter_that_a_resource_does_not_know_is_refused_and_nothing_is_done()
    {
        foreach (var (path, body) in new[]
        {
            ("/api/entities/light.hall", """{"state": 1}"""), ("/api/collections/one/documents/one", "{}"), ("/api/state/one", "1"),
            ("/api/jobs/one", """{"action": {"type": "none"}}"""),
        })
        {
            using var made = await server.SendAsync("PUT", path, body);
            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        }

        // The first one checks the handshake of the WebSocket before its parameters. The second one is off.
        string[] others = ["GET /api/events/ws", "POST /api/system/faults"];
        var wrong = new List<string>();
        foreach (var resource in Mapped().Where(each => each.Contains(" /api/", StringComparison.Ordinal)).Except(others))
        {
            var (method, path) = (resource.Split(' ')[0], resource.Split(' ')[1]);
            var id = path.Contains("/entities/", StringComparison.Ordinal) ? "light.hall" : "one";
            var name = path.Contains("/backups/", StringComparison.Ordinal) ? "allinone-19700101T000000000Z.zip" : "one";
            path = path.Replace("{id}", id, StringComparison.Ordinal).Replace("{name}", name, StringComparison.Ordinal)
                .Replace("{key}", "one", StringComparison.Ordinal).Replace("{run}", "1", StringComparison.Ordinal).Replace("{item}", "1", StringComparison.Ordinal);
            using var refused = await server.SendAsync(method, path + "?nobodyAskedForThis=1", method is "GET" or "DELETE" ? null : "{}");
            if (refused.StatusCode != HttpStatusCode.BadRequest || !(await refused.Content.ReadAsStringAsync()).Contains("nobodyAskedForThis", StringComparison.Ordinal))
            {
                wrong.Add($"{resource}: {(int)refused.StatusCode}");
            }
        }

        Assert.Empty(wrong);
    }

    private IEnumerable<string> Mapped()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        var answers = RequestMemory.OfAnswers(long.MaxValue);
        builder.Services.AddRoutingCore().AddSingleton(answers);
        builder.WebHost.UseKestrelCore();
        IEndpointRouteBuilder routes = builder.Build(); // never started
        routes.MapServer(server.Tree, new ProcessFigures("test", TimeProvider.System, [], new Dictionary<string, long>(), RequestMemory.OfBodies(long.MaxValue), answers), CancellationToken.None);
        return
            from endpoint in routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            where method != "HEAD"
            select $"{method} {endpoint.RoutePattern.RawText}";
    }
}
