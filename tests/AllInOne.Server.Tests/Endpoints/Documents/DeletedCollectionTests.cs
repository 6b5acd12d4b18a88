using System.Net;
using System.Text;
using AllInOne.Server.Tests.Http;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Endpoints.Documents;

/// <summary>A collection is deleted and created again while other clients read and write it.</summary>
public sealed class DeletedCollectionTests(EveryRouteServer server) : IClassFixture<EveryRouteServer>
{
    private const int Documents = 2000;

    [Fact]
    public async Task A_collection_that_is_deleted_during_requests_is_404_or_a_cut_connection_and_no_error_in_the_log()
    {
        var lines = string.Concat(Enumerable.Range(0, Documents).Select(n => $"{{\"id\":\"{n}\",\"a\":\"{new string('x', 400)}\"}}\n"));
        using var done = new CancellationTokenSource();
        string[] reads = ["/export", "/documents?filter=a%20%3D%20'y'", "", "/documents/1", "/documents?sort=a&limit=2"];
        var readers = reads.Concat(reads).Select(path => Task.Run(async () =>
        {
            var statuses = new List<HttpStatusCode>();
            while (!done.IsCancellationRequested)
            {
                statuses.Add(await ReadAsync($"/api/collections/gone{path}"));
            }

            return statuses;
        })).ToArray();

        for (var round = 0; round < 15; round++)
        {
            using var content = new StringContent(lines, Encoding.UTF8, "application/x-ndjson");
            using var imported = await server.Client.PostAsync("/api/collections/gone/import", content);
            Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
            using var deleted = await server.Client.DeleteAsync("/api/collections/gone");
            Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        }

        await done.CancelAsync();
        var all = (await Task.WhenAll(readers)).SelectMany(each => each).Distinct().Order();
        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.NotFound, (HttpStatusCode)0, HttpStatusCode.ServiceUnavailable }, all.ToHashSet());
        Assert.Equal("", string.Join('\n', server.Log.Lines.Where(line => line.Level >= LogLevel.Warning && !line.Text.Contains("other queries", StringComparison.Ordinal)).Take(3)));
    }

    /// <summary>Returns the status, or 0 if the answer was cut off. An answer that looks complete is complete.</summary>
    private async Task<HttpStatusCode> ReadAsync(string path)
    {
        using var answer = await server.Client.GetAsync(path, HttpCompletionOption.ResponseHeadersRead);
        try
        {
            var text = await answer.Content.ReadAsStringAsync();
            Assert.True(!path.EndsWith("/export", StringComparison.Ordinal) || !answer.IsSuccessStatusCode || text.Length == 0 || text.EndsWith('\n'));
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return 0;
        }
    }
}
