namespace AllInOne.Server.Hosting;

/// <summary>
/// The place of the one web host, which outlives the incarnations of the actor that fills it. Steps run one after another in
/// the order they were asked for, so a new host binds only when the one before has fully stopped; the addresses that were
/// resolved the first time are used again.
/// </summary>
/// <param name="urls">Addresses of the first start.</param>
/// <param name="build">Makes a host for the addresses.</param>
internal sealed class WebHostSlot(IReadOnlyList<string> urls, Func<IReadOnlyList<string>, WebHost> build) : IAsyncDisposable
{
    private readonly Lock _order = new();
    private readonly TaskCompletionSource<IReadOnlyList<string>> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _last = Task.CompletedTask;
    private WebHost? _host;
    private bool _disposed;

    /// <summary>The resolved addresses, once the first host listens; faulted when it could not.</summary>
    public Task<IReadOnlyList<string>> FirstStart => _first.Task;

    /// <summary>Whether a host listens now.</summary>
    public bool IsOpen => _host is not null;

    /// <summary>Builds and starts a host after what was asked before; answers its addresses.</summary>
    public async Task<IReadOnlyList<string>> OpenAsync()
    {
        try
        {
            await Then(StartAsync);
        }
        catch (Exception failure)
        {
            _first.TrySetException(failure);
            throw;
        }

        _first.TrySetResult(urls);
        return urls;
    }

    /// <summary>Stops the host, if there is one, after what was asked before.</summary>
    public Task CloseAsync() => Then(StopAsync);

    /// <summary>Stops the host and opens no other.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        _first.TrySetCanceled();
        return new ValueTask(CloseAsync());
    }

    private async Task StartAsync()
    {
        await StopAsync();
        ObjectDisposedException.ThrowIf(_disposed, this);
        var host = build(urls);
        try
        {
            await host.StartAsync();
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        (_host, urls) = (host, host.Urls);
    }

    private async Task StopAsync()
    {
        if (Interlocked.Exchange(ref _host, null) is { } host)
        {
            await host.DisposeAsync();
        }
    }

    private Task Then(Func<Task> step)
    {
        lock (_order)
        {
            return _last = AfterAsync(_last, step);
        }
    }

    private static async Task AfterAsync(Task before, Func<Task> step)
    {
        // How the step before ended was its caller's to see; building a host is never the caller's own work.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await step();
    }
}
