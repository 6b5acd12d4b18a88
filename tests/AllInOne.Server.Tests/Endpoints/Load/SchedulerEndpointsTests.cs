using System.Text;
using System.Text.Json;

namespace AllInOne.Server.Tests.Endpoints.Load;

public sealed class SchedulerEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    private static int Most => 2 * Environment.ProcessorCount;

    [Fact]
    public async Task The_number_of_workers_is_set_while_the_server_runs()
    {
        foreach (var workers in (int[])[1, Most, 2])
        {
            using var put = await PutAsync($$"""{"workers": {{workers}}}""");

            Assert.Equal(200, (int)put.StatusCode);
            using var answer = JsonDocument.Parse(await put.Content.ReadAsStringAsync());
            Assert.Equal(workers, answer.RootElement.GetProperty("workers").GetInt32());
            var scheduler = await server.GetJsonAsync("/api/system/scheduler");
            Assert.Equal(workers, scheduler.GetProperty("workers").GetInt32());
            Assert.Equal(Most, scheduler.GetProperty("maxWorkers").GetInt32());
            Assert.Equal(workers, (await server.GetJsonAsync("/api/system")).GetProperty("scheduler").GetProperty("workers").GetInt32());
        }
    }

    [Fact]
    public async Task The_scheduler_has_the_figures_of_the_system_and_the_maximum_number_of_workers()
    {
        var scheduler = await server.GetJsonAsync("/api/system/scheduler");

        Assert.Equal(
            ["workers", "maxWorkers", "threads", "maxThreads", "queued", "heldUp"], scheduler.EnumerateObject().Select(member => member.Name));
    }

    [Theory]
    [InlineData("{}", 422)]
    [InlineData("""{"workers": null}""", 422)]
    [InlineData("""{"workers": 0}""", 422)]
    [InlineData("""{"workers": -1}""", 422)]
    [InlineData("""{"workers": 1.5}""", 422)]
    [InlineData("""{"workers": "2"}""", 422)]
    [InlineData("""{"workers": true}""", 422)]
    [InlineData("""{"workers": [2]}""", 422)]
    [InlineData("""{"workers": 2, "threads": 9}""", 422)]
    [InlineData("""{"workers": 100000}""", 422)]
    [InlineData("""{"workers": 99999999999999999999}""", 422)]
    [InlineData("[2]", 422)]
    [InlineData("2", 422)]
    [InlineData("{workers", 400)]
    [InlineData("", 400)]
    public async Task A_wrong_number_is_a_problem_and_changes_nothing(string body, int status)
    {
        var before = (await server.GetJsonAsync("/api/system/scheduler")).GetProperty("workers").GetInt32();

        using var response = await PutAsync(body);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(before, (await server.GetJsonAsync("/api/system/scheduler")).GetProperty("workers").GetInt32());
    }

    [Fact]
    public async Task The_problem_names_the_member_and_the_range()
    {
        using var response = await PutAsync($$"""{"workers": {{Most + 1}}}""");

        Assert.Equal(422, (int)response.StatusCode);
        using var problem = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        var reason = Assert.Single(problem.RootElement.GetProperty("errors").GetProperty("workers").EnumerateArray());
        Assert.Equal($"must be a whole number from 1 to {Most}", reason.GetString());
    }

    [Fact]
    public async Task A_wrong_kind_of_request_is_a_problem()
    {
        using var text = new StringContent("2", Encoding.UTF8, "text/plain");
        using var plain = await server.Client.PutAsync("/api/system/scheduler", text);
        using var post = await server.SendAsync("POST", "/api/system/scheduler", """{"workers": 1}""");
        using var delete = await server.SendAsync("DELETE", "/api/system/scheduler");
        using var read = await server.SendAsync("GET", "/api/system/scheduler?workers=1");
        using var write = await server.SendAsync("PUT", "/api/system/scheduler?workers=1", """{"workers": 1}""");

        Assert.Equal([415, 405, 405, 400, 400], new[] { plain, post, delete, read, write }.Select(response => (int)response.StatusCode));
    }

    private Task<HttpResponseMessage> PutAsync(string body) => server.SendAsync("PUT", "/api/system/scheduler", body);
}
