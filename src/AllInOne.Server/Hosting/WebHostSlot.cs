using System.Net;
using System.Net.Sockets;
using AllInOne.Core.Supervision;
using AllInOne.Server.Configuration;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The place of the web host, which outlives the incarnations of the actor that fills it. Steps run one after another in the order they were asked
/// for; the addresses that were resolved the first time are used again. A host that gives way closes its port at once, and its requests have
/// the drain timeout to end beside the next host.
/// </summary>
/// <param name="urls">Addresses of the first start.</param>
/// <param name="build">Makes a host for the addresses.</param>
internal sealed class WebHostSlot(IReadOnlyList<ListenAddress> urls, Func<IReadOnlyList<ListenAddress>, WebHost> build) : IAsyncDisposable
{
    /// <summary>How many hosts may drain at a time. When one more begins to drain, the oldest is stopped at once.</summary>
    private const int MostDraining = 2;

    /// <summary>Number of tries, and the pause between two, to find a port free that the previous host is closing.</summary>
    private const int Tries = 50;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly Lock _order = new();
    private readonly List<(WebHost Host, Task Stopped)> _draining = [];
    private Task _last = Task.CompletedTask;
    private WebHost? _host;
    private volatile bool _disposed;

    /// <summary>The addresses, with their ports resolved once <see cref="HasOpened"/>.</summary>
    public IReadOnlyList<ListenAddress> Urls { get; private set; } = urls;

    /// <summary>Whether a host has listened at least once.</summary>
    public bool HasOpened { get; private set; }

    /// <summary>Builds and starts a host after all earlier steps; throws the exception of the host's start.</summary>
    public Task OpenAsync() => Then(StartAsync);

    /// <summary>Stops the host, if there is one, after all earlier steps; completes when every host has drained.</summary>
    public async Task CloseAsync()
    {
        Task drained = Task.CompletedTask;
        await Then(() =>
        {
            GiveWay();
            drained = Task.WhenAll(_draining.Select(draining => draining.Stopped));
            return Task.CompletedTask;
        });
        await drained;
    }

    /// <summary>Stops the host and opens no other.</summary>
    public ValueTask DisposeAsync()
    {
        _disposed = true;
        return new ValueTask(CloseAsync());
    }

    private async Task StartAsync()
    {
        GiveWay();
        ObjectDisposedException.ThrowIf(_disposed, this);
        await PortsAreFreeAsync();
        var host = build(Urls);
        try
        {
            await host.StartAsync();
        }
        catch (Exception failure)
        {
            // The failure first: it is why the host was not started, whatever its end throws.
            await Disposal.RunAsync(() => Task.FromException(failure), () => host.DisposeAsync().AsTask());
            throw;
        }

        (_host, Urls, HasOpened) = (host, host.Urls, true);
    }

    /// <summary>Waits until the stopping host has closed its ports. Kestrel closes them first, but does not signal it.</summary>
    private async Task PortsAreFreeAsync()
    {
        for (var tries = 0; tries < Tries && _draining.Exists(draining => !draining.Stopped.IsCompleted) && !Urls.All(IsFree); tries++)
        {
            await Task.Delay(Pause);
        }
    }

    private static bool IsFree(ListenAddress url)
    {
        var address = url.Address ?? IPAddress.Loopback;
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, url.Port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void GiveWay()
    {
        _draining.RemoveAll(draining => draining.Stopped.IsCompleted);
        if (_host is { } host)
        {
            _host = null;
            _draining.Add((host, Task.Run(async () => await host.DisposeAsync())));
        }

        foreach (var (oldest, _) in _draining.Take(_draining.Count - MostDraining))
        {
            oldest.Abort();
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
