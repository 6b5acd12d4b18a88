using AllInOne.Server.Endpoints;
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
        var documented = File.ReadLines(Path.Combine(RepositoryRoot(AppContext.BaseDirectory), "docs", "http.md"))
            .Where(line => line.StartsWith("| `/", StringComparison.Ordinal))
            .Select(line => line.Split('|'))
            .SelectMany(cells => cells[2].Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(method => $"{method} {cells[1].Trim(' ', '`')}"));

        Assert.Equal(Mapped().Order(StringComparer.Ordinal), documented.Order(StringComparer.Ordinal));
    }

    private IEnumerable<string> Mapped()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        IEndpointRouteBuilder routes = builder.Build(); // never started
        routes.MapServer(server.Tree, new ProcessFigures(TimeProvider.System, []), CancellationToken.None);
        return
            from endpoint in routes.DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            from method in endpoint.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods
            where method != "HEAD"
            select $"{method} {endpoint.RoutePattern.RawText}";
    }

    private static string RepositoryRoot(string from) =>
        File.Exists(Path.Combine(from, "AllInOne.sln")) ? from : RepositoryRoot(Path.GetDirectoryName(from)!);
}
