using System.Diagnostics;
using Akka.Actor;
using AllInOne.Core.Feeds;
using AllInOne.Core.Inspection;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests.Feeds;

/// <summary>The feeds in a system of their own, on a free port, before a <see cref="FeedStore"/>.</summary>
internal sealed class FeedServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = Until.Limit;

    private readonly ActorRuntime _runtime;
    private readonly object _stop;

    private FeedServer(XmlFeedOptions options)
    {
        System = TestSystem.Create("feeds-test");
        _runtime = new ActorRuntime(System);
        var feeds = new FeedsModule(
            new FeedsOptions { Xml = options }, Store.Target, TimeProvider.System, Readiness, NullLoggerFactory.Instance);
        Directory = feeds.Directory;
        var spec = new TreeSpec(new SupervisionOptions(), Readiness, NullLoggerFactory.Instance).Feeds(feeds);
        (Feeds, _stop) = (System.ActorOf(spec.Props, spec.Name), spec.Stop);
    }

    public ActorSystem System { get; }

    public IActorRef Feeds { get; }

    public FeedDirectory Directory { get; }

    public FeedStore Store { get; } = new();

    public Readiness Readiness { get; } = new();

    public static async Task<FeedServer> StartAsync(XmlFeedOptions? options = null)
    {
        options ??= new XmlFeedOptions();
        if (options.Listen == new XmlFeedOptions().Listen)
        {
            options.Listen = "127.0.0.1:0";
        }

        var server = new FeedServer(options);
        await server.Readiness.WhenReady(FeedsModule.Name).WaitAsync(Patience);
        return server;
    }

    public Task<FeedClient> ConnectAsync() => FeedClient.ConnectAsync(Directory.XmlEndPoint);

    public void Restart(string path) => Assert.True(_runtime.Restart(path), path);

    public int Restarts(string path) => _runtime.Find(path)?.Restarts ?? 0;

    public Task StopAsync() => Feeds.GracefulStop(Patience, _stop);

    /// <summary>Looks until it is so: for what nobody tells.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, "It did not come to that.");
            await Task.Delay(5);
        }
    }

    public async ValueTask DisposeAsync() => await System.Terminate();
}
