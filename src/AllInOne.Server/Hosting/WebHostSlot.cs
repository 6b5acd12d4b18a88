using AllInOne.Server.Configuration;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The place of the one web host, which outlives the incarnations of the actor that fills it. Steps run one after another in
/// the order they were asked for, so a new host binds only when the one before has fully stopped; the addresses that were
/// resolved the first time are used again.
/// </summary>
/// <param name="urls">Addresses of the first start.</param>
/// <param name="build">Makes a host for the addresses.</param>
internal sealed class WebHostSlot(IReadOnlyList<ListenAddress> urls, Func<IReadOnlyList<ListenAddress>, WebHost> build) : IAsyncDisposable
{
    private readonly Lock _order = new();
    private Task _last = Task.CompletedTask;
    private WebHost? _host;
    private volatile bool _disposed;

    /// <summary>The addresses, with their ports resolved once <see cref="HasOpened"/>.</summary>
    public IReadOnlyList<ListenAddress> Urls { get; private set; } = urls;

    /// <summary>Whether a host has listened at least once.</summary>
    public bool HasOpened { get; private set; }

    /// <summary>Builds and starts a host after what was asked before; throws what the host's start throws.</summary>
    public Task OpenAsync() => Then(StartAsync);

    /// <summary>Stops the host, if there is one, after what was asked before.</summary>
    public Task CloseAsync() => Then(StopAsync);

    /// <summary>Stops the host and opens no other.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return new ValueTask(CloseAsync());
    }

    private async Task StartAsync()
    {
        await StopAsync();
        ObjectDisposedException.ThrowIf(_disposed, this);
        var host = build(Urls);
        try
        {
            await host.StartAsync();
        }
        catch
        {
            await host.DisposeAsync();
            throw;
        }

        (_host, Urls, HasOpened) = (host, host.Urls, true);
    }

    private async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
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
