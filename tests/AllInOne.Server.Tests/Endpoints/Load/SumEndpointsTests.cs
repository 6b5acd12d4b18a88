using System.Net.Http.Json;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Load;

/// <summary>The calculation of the talk. An endless one is abandoned when the server stops.</summary>
public sealed class SumEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 5050)]
    [InlineData(10_000_000, 50_000_005_000_000)]
    public async Task A_sum_is_answered(long n, long sum) => Assert.Equal(sum, await SumAsync(n));

    [Fact]
    public async Task Thirteen_crashes_for_its_caller_alone()
    {
        var others = Enumerable.Range(20, 30).Select(n => SumAsync(n)).ToList();
        using var crashed = await server.SendAsync("POST", "/api/system/sum", """{"n": 13}""");

        Assert.Equal(500, (int)crashed.StatusCode);
        Assert.Equal("application/problem+json", crashed.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Enumerable.Range(20, 30).Select(n => n * (n + 1L) / 2), await Task.WhenAll(others));
        // The caller gets its answer before the restart.
        await Until.TrueAsync(() => server.Tree.Inspection.Children("/user/requests", null, 1000).Any(actor => actor.Restarts == 1));
        var last = (await server.GetJsonAsync("/api/system/actors?path=/user/requests")).GetProperty("items").EnumerateArray()
            .Last(actor => actor.GetProperty("restarts").GetInt32() == 1);
        Assert.Equal("InvalidOperationException", last.GetProperty("lastFailure").GetProperty("type").GetString());
        Assert.Contains("13", last.GetProperty("lastFailure").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_whose_calculation_is_stopped_gets_a_problem()
    {
        var before = server.Tree.Calculations.Running;
        var asked = server.SendAsync("POST", "/api/system/sum", """{"n": -2}""");
        await Until.TrueAsync(() => server.Tree.Calculations.Running > before && Busy().Count > 0);

        foreach (var path in Busy())
        {
            using var stop = await server.SendAsync("POST", $"/api/system/actors/stop?path={path}");
        }

        using var response = await asked;
        Assert.Contains((int)response.StatusCode, (int[])[503, 504]);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("{}", 422)]
    [InlineData("""{"n": "5"}""", 422)]
    [InlineData("""{"n": 0.5}""", 422)]
    [InlineData("""{"n": 1000000001}""", 422)]
    [InlineData("""{"n": 1, "m": 2}""", 422)]
    [InlineData("5", 422)]
    [InlineData("{", 400)]
    public async Task A_wrong_number_is_a_problem(string body, int status)
    {
        using var response = await server.SendAsync("POST", "/api/system/sum", body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private IReadOnlyList<string> Busy() =>
        [.. server.Tree.Inspection.Children("/user/requests", null, 1000).Where(actor => actor.Status == "busy").Select(actor => actor.Path)];

    private async Task<long> SumAsync(long n)
    {
        using var response = await server.SendAsync("POST", "/api/system/sum", $$"""{"n": {{n}}}""");
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sum").GetInt64();
    }
}
