namespace AllInOne.Server.Tests.Endpoints.Load;

public sealed class SumLimitTests
{
    [Fact]
    public async Task Beyond_the_limit_a_caller_gets_503_with_Retry_After()
    {
        using var server = new TestServer();
        server.Keys["Requests:MaxConcurrent"] = "1";
        await server.InitializeAsync();
        try
        {
            var endless = server.SendAsync("POST", "/api/system/sum", """{"n": -1}""");
            string? holder = null;
            await Until.TrueAsync(() => (holder = server.Tree.Inspection.Children("/user/requests", null, 10).SingleOrDefault()?.Path) is not null);

            using var refused = await server.SendAsync("POST", "/api/system/sum", """{"n": 1}""");

            Assert.Equal(503, (int)refused.StatusCode);
            Assert.NotNull(refused.Headers.RetryAfter);
            Assert.True(server.Tree.Stop(holder!));
            using var stopped = await endless;
            using var done = await server.SendAsync("POST", "/api/system/sum", """{"n": 1}""");
            Assert.Equal((503, 200), ((int)stopped.StatusCode, (int)done.StatusCode));
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    [Fact]
    public async Task Stopped_requests_are_answered_503_until_they_are_started_again()
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
