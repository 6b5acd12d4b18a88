using System.Net;
using System.Net.Sockets;
using Akka.Actor;
using AllInOne.Core.Inspection;
using AllInOne.Core.Supervision;
using AllInOne.Server.Configuration;
using AllInOne.Server.Hosting;
using AllInOne.Server.Http.Site;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Server.Tests.Hosting;

public sealed class HttpActorTests : IAsyncLifetime, IDisposable
{
    private readonly Readiness _readiness = new();
    private readonly SiteFiles _files = new();
    private readonly TaskCompletionSource _pollWaits = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ActorSystem _system = ActorRuntime.CreateSystem("http-tests", new BackoffStrategy(new SupervisionOptions()), new SchedulerOptions());
    private readonly SemaphoreSlim _held = new(0);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebHostSlot _slot = null!;
    private CancellationToken _ending;
    private int _built;

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        await _slot.DisposeAsync();
        await _system.Terminate();
    }

    public void Dispose()
    {
        _system.Dispose();
        _held.Dispose();
    }

    [Fact]
    public async Task Stopping_the_actor_closes_the_port()
    {
        var actor = Start("http://127.0.0.1:0");
        await _readiness.WhenReady(HttpActor.Name);
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/ping"));

        _system.Stop(actor);
        await _system.WhenStoppedAsync(actor);
        await _slot.CloseAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync("/ping"));
        Assert.Equal(["http"], _readiness.Reasons.Keys);
    }

    [Fact]
    public async Task A_restart_builds_a_new_host_on_the_same_port()
    {
        Start("http://127.0.0.1:0");
        await _readiness.WhenReady(HttpActor.Name);
        var url = _slot.Urls.Single();

        await RestartAsync();

        Assert.Equal(url, _slot.Urls.Single());
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/ping"));
        Assert.Equal(2, _built);
    }

    [Fact]
    public async Task A_restart_ends_live_requests_first_so_that_it_does_not_wait_for_the_drain()
    {
        Start("http://127.0.0.1:0", drain: TimeSpan.FromMinutes(5));
        await _readiness.WhenReady(HttpActor.Name);
        var poll = GetAsync("/poll");
        await _pollWaits.Task;

        await RestartAsync();

        Assert.Equal(HttpStatusCode.NoContent, await poll);
    }

    [Fact]
    public async Task A_request_that_does_not_end_is_cut_off_after_the_drain()
    {
        Start("http://127.0.0.1:0", drain: TimeSpan.FromMilliseconds(50));
        await _readiness.WhenReady(HttpActor.Name);
        var stuck = GetAsync("/stuck");
        await _pollWaits.Task;

        await RestartAsync();

        await Assert.ThrowsAsync<HttpRequestException>(() => stuck);
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/ping"));
    }

    [Fact]
    public async Task The_first_bind_that_fails_is_a_failed_start_that_names_the_address()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var url = $"http://{other.LocalEndpoint}";

        Start(url);

        var failure = await Assert.ThrowsAsync<StartFailedException>(() => _readiness.WhenReady(HttpActor.Name));
        Assert.StartsWith("Urls: ", failure.Message, StringComparison.Ordinal);
        Assert.Contains(url, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_connections_are_served_while_the_requests_of_previous_hosts_drain()
    {
        Start("http://127.0.0.1:0", TimeSpan.FromMinutes(1));
        await _readiness.WhenReady(HttpActor.Name);
        using var held = new HttpClient();
        var answers = new List<Task<HttpResponseMessage>>();
        for (var restarts = 0; restarts < 2; restarts++)
        {
            answers.Add(held.GetAsync(new Uri(_slot.Urls.Single() + "/held")));
            await _held.WaitAsync();

            await RestartAsync();

            Assert.Equal(HttpStatusCode.OK, await GetAsync("/ping"));
            Assert.All(answers, answer => Assert.False(answer.IsCompleted));
        }

        _release.SetResult();
        foreach (var answer in answers)
        {
            using var response = await answer;
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        await _slot.CloseAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => GetAsync("/ping"));
    }

    [Fact]
    public async Task If_too_many_hosts_drain_the_oldest_is_stopped_at_once()
    {
        Start("http://127.0.0.1:0", TimeSpan.FromMinutes(1));
        await _readiness.WhenReady(HttpActor.Name);
        using var held = new HttpClient();
        var oldest = held.GetAsync(new Uri(_slot.Urls.Single() + "/stuck"));
        await _pollWaits.Task;
        await RestartAsync();
        for (var restarts = 0; restarts < 2; restarts++)
        {
            _ = held.GetAsync(new Uri(_slot.Urls.Single() + "/held"));
            await _held.WaitAsync();
            await RestartAsync();
        }

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => oldest);
        _release.SetResult();
    }

    [Fact]
    public async Task The_port_closes_before_the_live_requests_have_ended_and_the_next_host_opens_it_after_their_end()
    {
        Start("http://127.0.0.1:0");
        await _readiness.WhenReady(HttpActor.Name);
        var url = _slot.Urls.Single();
        using var allowed = new ManualResetEventSlim();
        var ending = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var slow = _ending.UnsafeRegister(
            _ =>
            {
                ending.SetResult();
                allowed.Wait();
            },
            null);
        try
        {
            Assert.True(new ActorRuntime(_system).Restart("/user/http"));
            await ending.Task;

            using var client = new TcpClient();
            await Assert.ThrowsAsync<SocketException>(() => client.ConnectAsync(url.Address!, url.Port));
            Assert.Equal(1, _built);
        }
        finally
        {
            allowed.Set();
        }

        await Until.TrueAsync(() => _built == 2 && _readiness.Reasons.Count == 0);
        Assert.Equal(url, _slot.Urls.Single());
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/ping"));
    }

    [Fact]
    public async Task A_later_bind_that_fails_is_tried_again_until_the_port_is_free()
    {
        var actor = Start("http://127.0.0.1:0");
        await _readiness.WhenReady(HttpActor.Name);
        var address = new IPEndPoint(IPAddress.Loopback, _slot.Urls.Single().Port);
        await _slot.CloseAsync();
        using (var other = new TcpListener(address))
        {
            other.Start();
            _ = new ActorRuntime(_system).Restart("/user/http");
            await Until.TrueAsync(() => _built >= 3);

            // Between two attempts the reason is that the web host has stopped.
            await Until.TrueAsync(
                () => _readiness.Reasons.GetValueOrDefault(HttpActor.Name)?.Contains($"{address}: address already in use", StringComparison.Ordinal) == true,
                () => string.Join(", ", _readiness.Reasons));
        }

        await Until.TrueAsync(() => _readiness.Reasons.Count == 0);
        Assert.Equal(HttpStatusCode.OK, await GetAsync("/ping"));
        Assert.False(actor.IsNobody());
    }

    private IActorRef Start(string url, TimeSpan? drain = null)
    {
        var options = new HttpOptions { DrainTimeout = drain ?? TimeSpan.FromSeconds(10) };
        _slot = new WebHostSlot(ListenUrls.Parse(url), urls =>
        {
            Interlocked.Increment(ref _built);
            return WebHost.Build(urls, options, NullLoggerFactory.Instance, _files, Map);
        });
        var (slot, readiness, logger) = (_slot, _readiness, NullLogger<HttpActor>.Instance);
        return _system.ActorOf(Props.Create(() => new HttpActor(slot, readiness, logger)), HttpActor.Name);
    }

    private void Map(IEndpointRouteBuilder routes, CancellationToken ending)
    {
        _ending = ending;
        routes.MapGet("/ping", () => "");
        routes.MapGet("/poll", async () =>
        {
            var ended = new TaskCompletionSource();
            await using var registration = ending.Register(ended.SetResult);
            _pollWaits.TrySetResult();
            await ended.Task;
            return Results.NoContent();
        });
        routes.MapGet("/held", async () =>
        {
            _held.Release();
            await _release.Task;
        });
        routes.MapGet("/stuck", async (HttpContext context) =>
        {
            _pollWaits.TrySetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
    }

    private async Task RestartAsync()
    {
        var before = _built;
        Assert.True(new ActorRuntime(_system).Restart("/user/http"));
        await Until.TrueAsync(() => _built > before && _readiness.Reasons.Count == 0);
    }

    private async Task<HttpStatusCode> GetAsync(string path)
    {
        using var client = new HttpClient();
        using var response = await client.GetAsync(new Uri(new Uri(_slot.Urls.Single().ToString()), path));
        return response.StatusCode;
    }
}
