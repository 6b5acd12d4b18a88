using System.Diagnostics;
using Akka.Actor;
using AllInOne.Core.Feeds;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Tests.Feeds;

/// <summary>The feeds in a separate actor system, on a free port, in front of a <see cref="FeedStore"/>.</summary>
internal sealed class FeedServer : IAsyncDisposable
{
    public static readonly TimeSpan Patience = Until.Limit;

    private readonly TreeAtWork _tree;

    private FeedServer(XmlFeedOptions options)
    {
        var tree = new SystemTreeOptions { Feeds = new FeedsOptions { Xml = options } };
        _tree = new TreeAtWork(tree, (parts, spec) =>
        {
            parts.Feeds = new FeedsModule(tree.Feeds, Store.Target, TimeProvider.System, parts.Readiness, parts.Loggers);
            return [spec.Feeds];
        }).Open();
    }

    public ActorSystem System => _tree.System;

    public FeedDirectory Directory => _tree.Parts.Feeds.Directory;

    public FeedStore Store { get; } = new();

    public Readiness Readiness => _tree.Parts.Readiness;

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

    public void Restart(string path) => Assert.True(_tree.Runtime.Restart(path), path);

    public int Restarts(string path) => _tree.Runtime.Find(path)?.Restarts ?? 0;

    public Task StopAsync() => _tree.StopPartsAsync();

    /// <summary>Checks the condition repeatedly until it is true, for changes without a notification.</summary>
    public static async Task UntilAsync(Func<bool> condition)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, "It did not come to that.");
            await Task.Delay(5);
        }
    }

    public ValueTask DisposeAsync() => _tree.DisposeAsync();
}
