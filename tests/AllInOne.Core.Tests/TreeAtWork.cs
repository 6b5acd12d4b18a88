using Akka.Actor;
using AllInOne.Core.Inspection;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests;

/// <summary>
/// Some parts of the real tree on a separate data directory, created by <see cref="TreeParts"/> and specified by <see cref="TreeSpec"/> as in the
/// program. They start in the given order, and stop in the opposite order.
/// </summary>
internal sealed class TreeAtWork : IAsyncDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly SystemTreeOptions _options;
    private readonly Func<TreeParts, TreeSpec, IEnumerable<ChildSpec>> _children;
    private readonly TimeProvider _clock;
    private readonly ILoggerFactory _loggers;
    private IReadOnlyList<ChildSpec> _running = [];
    private TreeParts? _parts;
    private ActorSystem? _system;

    /// <param name="children">The parts to start. It may replace modules before it reads their specifications.</param>
    /// <param name="directory">The data directory; a temporary one when null.</param>
    public TreeAtWork(
        SystemTreeOptions options, Func<TreeParts, TreeSpec, IEnumerable<ChildSpec>> children, TimeProvider? clock = null, string? directory = null,
        ILoggerFactory? loggers = null)
    {
        (_options, _children) = (options, children);
        _clock = clock ?? TimeProvider.System;
        _loggers = loggers ?? NullLoggerFactory.Instance;
        options.Data.Directory = directory ?? _root["data"];
    }

    /// <summary>Options for restarts without a pause, so that a test does not have to wait.</summary>
    public static SupervisionOptions QuickRestarts => new() { MaxRestarts = 1000, MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(5) };

    public TreeParts Parts => _parts ?? throw new InvalidOperationException("The tree is not open.");

    public ActorSystem System => _system ?? throw new InvalidOperationException("The tree is not open.");

    public ActorRuntime Runtime => new(System);

    /// <summary>The data directory.</summary>
    public string Directory => _options.Data.Directory;

    /// <summary>Creates the parts and starts them. They may still restore: see <see cref="WhenReady"/>.</summary>
    public TreeAtWork Open()
    {
        var parts = _parts = new TreeParts(_options, _clock, _loggers);
        _system = TestSystem.Create("tests");
        DeadLetterRefusal.Start(_system);
        _running = [.. _children(parts, new TreeSpec(parts))];
        foreach (var child in _running)
        {
            System.ActorOf(child.Props, child.Name);
        }

        return this;
    }

    /// <summary>Starts one more part, or one that was stopped alone.</summary>
    public async Task<IActorRef> StartAsync(ChildSpec child)
    {
        // The name of a stopped actor is free a moment after its stop.
        await Until.TrueAsync(() => Runtime.Find($"/user/{child.Name}") is null);
        return System.ActorOf(child.Props, child.Name);
    }

    public Task WhenReady(string part) => Parts.Readiness.WhenReady(part).WaitAsync(Until.Limit);

    /// <summary>Stops all parts, as the program does, and closes the files.</summary>
    public async Task CloseAsync()
    {
        await StopPartsAsync();
        await System.Terminate();
        Parts.Dispose();
        _parts = null;
    }

    /// <summary>Stops the running parts, from the last to the first.</summary>
    public async Task StopPartsAsync()
    {
        foreach (var child in _running.Reverse())
        {
            if (Find($"/user/{child.Name}") is { } actor)
            {
                Assert.True(await actor.GracefulStop(Until.Limit, child.Stop), $"{child.Name} did not stop");
            }
        }
    }

    /// <summary>Stops and starts everything, as a stop and a start of the program.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        Open();
    }

    /// <summary>
    /// Acts as if the program died at this moment: the next start sees the files as they are now. Uncommitted data is lost.
    /// </summary>
    public async Task DieAsync()
    {
        var copy = _root.CopyOf(Directory, "*.db*");
        await CloseAsync();
        _options.Data.Directory = copy;
        Open();
    }

    /// <summary>Gives an actor a new instance, as after a failure.</summary>
    public async Task RestartAsync(string path)
    {
        var actor = (IInternalActorRef)await ActorAsync(path);
        actor.Suspend();
        actor.Restart(new InvalidOperationException("restarted by a test"));
    }

    public async Task StopAsync(string path) => Assert.True(await (await ActorAsync(path)).GracefulStop(Until.Limit));

    /// <summary>Waits for an actor that is about to start.</summary>
    public async Task<IActorRef> ActorAsync(string path)
    {
        IActorRef? found = null;
        await Until.TrueAsync(() => (found = Find(path)) is not null, () => $"there is no {path}");
        return found!;
    }

    /// <summary>Completes when every event that was published before is committed.</summary>
    public async Task EventsStoredAsync()
    {
        var probe = System.CreateProbe();
        Parts.Live.Events.Barrier(new Receipt(probe.Ref, 1));
        await probe.ExpectMsgAsync<Committed>(Until.Limit);
    }

    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
        {
            await CloseAsync();
        }

        _root.Dispose();
    }

    private IActorRef? Find(string path)
    {
        try
        {
            return System.ActorSelection(path).ResolveOne(TimeSpan.FromSeconds(10)).GetAwaiter().GetResult();
        }
        catch (ActorNotFoundException)
        {
            return null;
        }
    }
}
