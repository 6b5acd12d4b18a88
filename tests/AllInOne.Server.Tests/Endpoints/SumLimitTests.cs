namespace AllInOne.Server.Tests.Endpoints;

public sealed class SumLimitTests
{
    [Fact]
    public async Task Beyond_the_limit_a_caller_is_asked_to_come_again()
    {
        using var server = new TestServer();
        server.Keys["Requests:MaxConcurrent"] = "1";
        server.Keys["Requests:MaxSum"] = "4000000000";
        await server.InitializeAsync();
        try
        {
            var slow = server.SendAsync("POST", "/api/system/sum", """{"n": 1500000000}""");
            await Until.TrueAsync(() => server.Tree.Calculations.Running == 1);

            using var refused = await server.SendAsync("POST", "/api/system/sum", """{"n": 1}""");

            Assert.Equal(503, (int)refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            using var done = await slow;
            Assert.Equal(200, (int)done.StatusCode);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Stopped_requests_are_answered_503_until_they_are_brought_back()
    {
        using var server = new TestServer();
        await server.InitializeAsync();
        try
        {
            using var stop = await server.SendAsync("POST", "/api/system/actors/stop?path=/user/requests");
            await Until.TrueAsync(() => server.Tree.Inspection.Find("/user/requests") is null);
            using var refused = await server.SendAsync("POST", "/api/system/sum", """{"n": 1}""");
            using var restart = await server.SendAsync("POST", "/api/system/actors/restart?path=/user/requests");
            await server.ReadyAsync();
            using var done = await server.SendAsync("POST", "/api/system/sum", """{"n": 1}""");

            Assert.Equal((503, 200), ((int)refused.StatusCode, (int)done.StatusCode));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }
}
