using System.Net.Http.Json;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Load;

/// <summary>The talk's calculation, with a short patience: an endless one is abandoned with the server.</summary>
public sealed class SumEndpointsTests : IClassFixture<SumEndpointsTests.Impatient>
{
    private readonly TestServer _server;

    public SumEndpointsTests(Impatient impatient) => _server = impatient.Server;

    [Theory]
    [InlineData(0, 0)]
    [InlineData(100, 5050)]
    [InlineData(10_000_000, 50_000_005_000_000)]
    public async Task A_sum_is_answered(long n, long sum) => Assert.Equal(sum, await SumAsync(n));

    [Fact]
    public async Task Thirteen_crashes_for_its_caller_alone()
    {
        var others = Enumerable.Range(20, 30).Select(n => SumAsync(n)).ToList();
        using var crashed = await _server.SendAsync("POST", "/api/system/sum", """{"n": 13}""");

        Assert.Equal(500, (int)crashed.StatusCode);
        Assert.Equal("application/problem+json", crashed.Content.Headers.ContentType?.MediaType);
        Assert.Equal(Enumerable.Range(20, 30).Select(n => n * (n + 1L) / 2), await Task.WhenAll(others));
        var last = (await _server.GetJsonAsync("/api/system/actors?path=/user/requests")).GetProperty("items").EnumerateArray()
            .Last(actor => actor.GetProperty("restarts").GetInt32() == 1);
        Assert.Equal("InvalidOperationException", last.GetProperty("lastFailure").GetProperty("type").GetString());
        Assert.Contains("13", last.GetProperty("lastFailure").GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_negative_one_never_ends_is_found_by_top_and_leaves_when_it_is_stopped()
    {
        using var late = await _server.SendAsync("POST", "/api/system/sum", """{"n": -1}""");

        Assert.Equal(504, (int)late.StatusCode);
        Assert.Equal(5050, await SumAsync(100));
        var busiest = (await _server.GetJsonAsync("/api/system/actors/top?seconds=0.3&limit=1")).GetProperty("items")[0];
        var path = busiest.GetProperty("path").GetString()!;
        Assert.StartsWith("/user/requests/", path, StringComparison.Ordinal);
        Assert.Equal(("busy", "Sum"), (busiest.GetProperty("status").GetString(), busiest.GetProperty("message").GetString()));
        Assert.True(busiest.GetProperty("recent").GetProperty("busyMs").GetDouble() > 100);

        using var stop = await _server.SendAsync("POST", $"/api/system/actors/stop?path={path}");

        Assert.Equal(202, (int)stop.StatusCode);
        await Until.TrueAsync(() => _server.Tree.Inspection.Find(path) is null);
        Assert.Equal(0, _server.Tree.Calculations.Running);
        var held = (await _server.GetJsonAsync("/api/system")).GetProperty("scheduler").GetProperty("heldUp").EnumerateArray()
            .Single(message => message.GetProperty("path").GetString() == path);
        Assert.True(held.GetProperty("abandoned").GetBoolean());
    }

    [Fact]
    public async Task A_caller_whose_calculation_is_stopped_is_told_so()
    {
        var before = _server.Tree.Calculations.Running;
        var asked = _server.SendAsync("POST", "/api/system/sum", """{"n": -2}""");
        await Until.TrueAsync(() => _server.Tree.Calculations.Running > before && Busy().Count > 0);

        foreach (var path in Busy())
        {
            using var stop = await _server.SendAsync("POST", $"/api/system/actors/stop?path={path}");
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
        using var response = await _server.SendAsync("POST", "/api/system/sum", body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private IReadOnlyList<string> Busy() =>
        [.. _server.Tree.Inspection.Children("/user/requests", null, 1000).Where(actor => actor.Status == "busy").Select(actor => actor.Path)];

    private async Task<long> SumAsync(long n)
    {
        using var response = await _server.SendAsync("POST", "/api/system/sum", $$"""{"n": {{n}}}""");
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("sum").GetInt64();
    }

    /// <summary>A server whose callers wait two seconds at the most.</summary>
    public sealed class Impatient : IAsyncLifetime, IDisposable
    {
        public TestServer Server { get; } = new();

        public Task InitializeAsync()
        {
            Server.Keys["Requests:Timeout"] = "00:00:02";
            return Server.InitializeAsync();
        }

        public Task DisposeAsync() => Server.DisposeAsync();

        public void Dispose() => Server.Dispose();
    }
}
