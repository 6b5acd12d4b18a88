using System.Text;
using Akka.Actor;
using AllInOne.Core.Data;
using AllInOne.Core.Events;
using AllInOne.Core.Live;
using AllInOne.Core.State;
using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Core.Tests.State;

/// <summary>A data directory of its own with the state in it, the actors of its shards and the writers.</summary>
internal sealed class StateAtWork : IAsyncDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly TimeProvider _clock;
    private DataDirectory _data;
    private ActorSystem _system = null!;
    private StorageModule _storage = null!;

    private StateAtWork(TimeProvider? clock, string? directory)
    {
        _clock = clock ?? TimeProvider.System;
        _data = DataDirectory.Claim(directory ?? _root["data"]);
    }

    public StateOptions Options { get; } = new() { Shards = 3, WriteInterval = TimeSpan.FromMilliseconds(20), WriteTimeout = Until.Limit };

    public StateStore Store { get; private set; } = null!;

    public LiveConnections Live { get; private set; } = null!;

    public EventLog Events { get; private set; } = null!;

    public StorageModule Storage => _storage;

    public Readiness Readiness { get; private set; } = new();

    public static async Task<StateAtWork> StartAsync(TimeProvider? clock = null, Action<StateOptions>? configure = null, string? directory = null)
    {
        var work = new StateAtWork(clock, directory);
        configure?.Invoke(work.Options);
        await work.OpenAsync();
        return work;
    }

    public static StateKey Key(string text) => StateKey.Parse(text);

    public static byte[] Json(string json) => Encoding.UTF8.GetBytes(json);

    public string? Text(string key) => Store.Find(Key(key)) is { } item ? Encoding.UTF8.GetString(item.Json.Span) : null;

    public async Task<StateResult> PutAsync(string key, string json, TimeSpan? ttl = null, bool durable = false) =>
        await Store.ApplyAsync(StateOperation.Put(Key(key), Json(json), ttl), durable);

    /// <summary>As after a stop and a start of the program.</summary>
    public async Task ReopenAsync()
    {
        await CloseAsync();
        await OpenAsync();
    }

    /// <summary>
    /// As after the death of the program at this moment: the next start sees the files as they are now. What was not committed is lost.
    /// </summary>
    public async Task DieAsync()
    {
        var copy = _root.CopyOf(_data.Path, "*.db*");
        await CloseAsync();
        _data.Dispose();
        _data = DataDirectory.Claim(copy);
        await OpenAsync();
    }

    /// <summary>Gives an actor a new instance, as after a failure.</summary>
    public async Task RestartAsync(string path)
    {
        var actor = (IInternalActorRef)await ActorAsync(path);
        actor.Suspend();
        actor.Restart(new InvalidOperationException("restarted by a test"));
    }

    /// <summary>Waits for one that was stopped and is to come back.</summary>
    public async Task<IActorRef> ActorAsync(string path)
    {
        IActorRef? found = null;
        await Until.TrueAsync(() => (found = Find(path)) is not null, () => $"there is no {path}");
        return found!;
    }

    public async Task StopAsync(string path) => Assert.True(await (await ActorAsync(path)).GracefulStop(Until.Limit));

    /// <summary>Completes once all events that were told before are committed.</summary>
    public async Task EventsStoredAsync()
    {
        var probe = _system.CreateProbe();
        Events.Barrier(new Receipt(probe.Ref, 1));
        await probe.ExpectMsgAsync<Committed>(Until.Limit);
    }

    /// <summary>Completes once everything that was changed is committed.</summary>
    public Task WrittenAsync() => Until.TrueAsync(
        () => Store.Figures.All(shard => shard.Unwritten == 0 && shard.Pending == 0) && _storage.State.Writer.Queue.Rows == 0,
        () => string.Join(", ", Store.Figures));

    public async ValueTask DisposeAsync()
    {
        await CloseAsync();
        _data.Dispose();
        _root.Dispose();
    }

    /// <summary>Has two commands run in one turn of the one shard.</summary>
    public async Task<IReadOnlyList<StateResult>> InOneTurnAsync(Func<ValueTask<StateResult>> first, Func<ValueTask<StateResult>> second)
    {
        var gate = new Gate();
        var opened = gate.Answer;
        Store.Shards[0].Inbox.Send(gate);
        Task<StateResult>[] both = [first().AsTask(), second().AsTask()];
        gate.Open();
        await opened;
        return await Task.WhenAll(both);
    }

    private IActorRef? Find(string path)
    {
        try
        {
            return _system.ActorSelection(path).ResolveOne(TimeSpan.FromSeconds(10)).GetAwaiter().GetResult();
        }
        catch (ActorNotFoundException)
        {
            return null;
        }
    }

    private async Task OpenAsync()
    {
        Readiness = new Readiness();
        _storage = new StorageModule(_data, new StorageOptions(), _clock, new Readiness(), NullLoggerFactory.Instance);
        _system = TestSystem.Create("state-tests");
        DeadLetterRefusal.Start(_system);
        _system.ActorOf(Spec(new SupervisionOptions()).Storage(_storage, new StorageOptions()).Props, StorageModule.Name);
        var live = new LiveModule(new LiveOptions(), _storage.History, _clock, NullLoggerFactory.Instance, hasUnstored: true);
        _system.ActorOf(Spec(new SupervisionOptions()).Live(live).Props, LiveModule.Name);
        (Events, Live) = (live.Events, live.Connections);
        await StartStateAsync();
    }

    /// <summary>Starts it, also after it was stopped alone.</summary>
    public async Task StartStateAsync()
    {
        var supervision = new SupervisionOptions { MaxRestarts = 1000, MinBackoff = TimeSpan.FromMilliseconds(1), MaxBackoff = TimeSpan.FromMilliseconds(1) };
        var module = new StateModule(Options, _storage.State, Events, _clock);
        _system.ActorOf(Spec(supervision).State(module).Props, StateModule.Name);
        Store = module.Store;
        await Readiness.WhenReady(StateModule.Name);
    }

    private TreeSpec Spec(SupervisionOptions restarts) => new(restarts, Readiness, NullLoggerFactory.Instance);

    /// <summary>Holds its shard up until it is opened.</summary>
    private sealed class Gate : StateCommand<bool>
    {
        private volatile bool _isOpen;

        public void Open() => _isOpen = true;

        public override bool Run(StateShard shard) => SpinWait.SpinUntil(() => _isOpen, Until.Limit);
    }

    private async Task CloseAsync()
    {
        await StopAsync("/user/state");
        await StopAsync("/user/live");
        await StopAsync("/user/storage");
        await _system.Terminate();
        _storage.Dispose();
    }
}
