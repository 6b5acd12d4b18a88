using System.Text;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Load;

public sealed class LoadEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task The_number_of_workers_follows_the_requests_and_the_tree_shows_them()
    {
        using var more = await PutAsync(1500);

        Assert.Equal(1500, (await JsonOf(more)).GetProperty("workers").GetInt32());
        Assert.Equal(1500, (await server.GetJsonAsync("/api/system/load")).GetProperty("workers").GetInt32());
        var load = (await server.GetJsonAsync("/api/system/actors?path=/user/load&depth=0")).GetProperty("items")[0];
        Assert.Equal(1500, load.GetProperty("children").GetInt32());
        Assert.Equal(1501, (await WalkAsync("/user/load", limit: 400)).Distinct().Count());

        using var fewer = await PutAsync(2);

        Assert.Equal(2, (await JsonOf(fewer)).GetProperty("workers").GetInt32());
        await Until.TrueAsync(() => server.Tree.Inspection.Find("/user/load")!.Children == 2);
    }

    [Fact]
    public async Task The_rates_of_the_last_minute_are_answered_oldest_first()
    {
        using var put = await PutAsync(100);
        await Until.TrueAsync(() => server.Tree.Load.Snapshot.SuccessesPerSecond.Any(rate => rate > 0));

        var load = await server.GetJsonAsync("/api/system/load");

        Assert.Equal(["workers", "successesPerSecond", "cpu"], load.EnumerateObject().Select(member => member.Name));
        var rates = load.GetProperty("successesPerSecond").EnumerateArray().Select(rate => rate.GetDouble()).ToList();
        var shares = load.GetProperty("cpu").EnumerateArray().Select(share => share.GetDouble()).ToList();
        Assert.Equal(rates.Count, shares.Count);
        Assert.InRange(rates.Count, 1, 600);
        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        Assert.Contains(rates, rate => rate > 0);
    }

    [Fact]
    public async Task The_number_survives_a_restart_of_the_load()
    {
        using var put = await PutAsync(70);
        var restarts = server.Tree.Inspection.Find("/user/load")!.Restarts;

        using var restart = await server.SendAsync("POST", "/api/system/actors/restart?path=/user/load");

        await Until.TrueAsync(() => server.Tree.Inspection.Find("/user/load")!.Restarts == restarts + 1);
        Assert.Equal(70, (await server.GetJsonAsync("/api/system/load")).GetProperty("workers").GetInt32());
    }

    [Theory]
    [InlineData("{}", 422)]
    [InlineData("""{"workers": null}""", 422)]
    [InlineData("""{"workers": -1}""", 422)]
    [InlineData("""{"workers": 1000001}""", 422)]
    [InlineData("""{"workers": 1.5}""", 422)]
    [InlineData("""{"workers": "10"}""", 422)]
    [InlineData("""{"workers": 10, "speed": 2}""", 422)]
    [InlineData("""{"workers": 99999999999999999999}""", 422)]
    [InlineData("[1]", 422)]
    [InlineData("{workers", 400)]
    [InlineData("", 400)]
    public async Task A_wrong_number_is_a_problem(string body, int status)
    {
        using var response = await server.SendAsync("PUT", "/api/system/load", body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_wrong_kind_of_request_is_a_problem()
    {
        using var text = new StringContent("10", Encoding.UTF8, "text/plain");
        using var plain = await server.Client.PutAsync("/api/system/load", text);
        using var large = await server.SendAsync("PUT", "/api/system/load", $$"""{"workers": 1{{new string(' ', 3_000_000)}}}""");
        using var post = await server.SendAsync("POST", "/api/system/load", """{"workers": 1}""");
        using var query = await server.SendAsync("GET", "/api/system/load?since=1");

        Assert.Equal([415, 413, 405, 400], new[] { plain, large, post, query }.Select(response => (int)response.StatusCode));
    }

    private Task<HttpResponseMessage> PutAsync(int workers) => server.SendAsync("PUT", "/api/system/load", $$"""{"workers": {{workers}}}""");

    private async Task<IReadOnlyList<string>> WalkAsync(string path, int limit)
    {
        var paths = new List<string>();
        string? cursor = null;
        do
        {
            var page = await server.GetJsonAsync($"/api/system/actors?path={path}&limit={limit}{(cursor is null ? "" : "&cursor=" + cursor)}");
            paths.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("path").GetString()!));
            cursor = page.GetProperty("next").GetString();
        }
        while (cursor is not null);
        return paths;
    }

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response)
    {
        Assert.Equal(200, (int)response.StatusCode);
        using var document = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        return document.RootElement.Clone();
    }
}
