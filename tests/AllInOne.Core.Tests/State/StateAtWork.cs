using System.Text;
using AllInOne.Core.Data;
using AllInOne.Core.Events;
using AllInOne.Core.Live;
using AllInOne.Core.State;
using AllInOne.Core.State.Commands;
using AllInOne.Core.State.Operations;
using AllInOne.Core.State.Shards;
using AllInOne.Core.Values;

namespace AllInOne.Core.Tests.State;

/// <summary>The state in a separate data directory, with the actors of its shards and the writers.</summary>
internal sealed class StateAtWork : IAsyncDisposable
{
    private readonly TreeAtWork _tree;

    private StateAtWork(TimeProvider? clock, string? directory)
    {
        var options = new SystemTreeOptions { State = Options, Supervision = TreeAtWork.QuickRestarts };
        _tree = new TreeAtWork(options, (_, spec) => [spec.Storage, spec.Live, spec.State], clock, directory);
    }

    public StateOptions Options { get; } = new() { Shards = 3, WriteInterval = TimeSpan.FromMilliseconds(20), WriteTimeout = Until.Limit };

    public StateStore Store => _tree.Parts.State.Store;

    public LiveConnections Live => _tree.Parts.Live.Connections;

    public EventLog Events => _tree.Parts.Live.Events;

    public StorageModule Storage => _tree.Parts.Storage;

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

    /// <summary>Stops and starts the state, as a stop and a start of the program.</summary>
    public async Task ReopenAsync()
    {
        await _tree.CloseAsync();
        await OpenAsync();
    }

    /// <inheritdoc cref="TreeAtWork.DieAsync"/>
    public async Task DieAsync()
    {
        await _tree.DieAsync();
        await _tree.WhenReady(StateModule.Name);
    }

    public Task RestartAsync(string path) => _tree.RestartAsync(path);

    public Task StopAsync(string path) => _tree.StopAsync(path);

    public Task EventsStoredAsync() => _tree.EventsStoredAsync();

    /// <summary>Completes when all changes are committed.</summary>
    public Task WrittenAsync() => Until.TrueAsync(
        () => Store.Figures.All(shard => shard.Unwritten == 0 && shard.Pending == 0) && Storage.State.Writer.Queue.Rows == 0,
        () => string.Join(", ", Store.Figures));

    public ValueTask DisposeAsync() => _tree.DisposeAsync();

    /// <summary>Makes the only shard run two commands in one turn.</summary>
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

    /// <summary>Starts the state again after it was stopped alone.</summary>
    public async Task StartStateAsync()
    {
        await _tree.StartAsync(new TreeSpec(_tree.Parts).State);
        await _tree.WhenReady(StateModule.Name);
    }

    private Task OpenAsync() => _tree.Open().WhenReady(StateModule.Name);

    /// <summary>Blocks its shard until it is opened.</summary>
    private sealed class Gate : StateCommand<bool>
    {
        private volatile bool _isOpen;

        public void Open() => _isOpen = true;

        public override bool Run(StateShard shard) => SpinWait.SpinUntil(() => _isOpen, Until.Limit);
    }
}
