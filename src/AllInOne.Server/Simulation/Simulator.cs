using System.Net.Sockets;

namespace AllInOne.Server.Simulation;

/// <summary>
/// The simulator: it sends the demo world to a feed until it is cancelled. Without a connection it retries, and the time of the world does not
/// advance. On each new connection it first sends all elements, as a device does when it is switched on.
/// </summary>
internal sealed class Simulator(DemoWorld world, SimulatorOptions options, TimeProvider time, TextWriter output)
{
    private readonly RetryDelay _retry = new(Random.Shared);
    private bool _saidLost;

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await ConnectAndSendAsync(cancellation);
                await Task.Delay(_retry.Next(), time, cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The normal way to stop the simulator.
        }
    }

    private async Task ConnectAndSendAsync(CancellationToken cancellation)
    {
        try
        {
            await using var link = await FeedLink.ConnectAsync(options.To, cancellation);
            await SendAsync(link, cancellation);
            await WriteLostAsync("it was closed");
        }
        catch (Exception failure) when (failure is SocketException or IOException)
        {
            await WriteLostAsync(failure.Message);
        }
    }

    private async Task SendAsync(FeedLink link, CancellationToken cancellation)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, link.Lost);
        try
        {
            var everything = world.Everything();
            await link.SendAsync(EventXml.Write(everything), either.Token);
            await output.WriteLineAsync($"Demo home: {everything.Count} entities, sent to {options.To}");
            _saidLost = false;
            _retry.Reset();
            using var looks = new PeriodicTimer(TimeSpan.FromSeconds(1 / options.Rate), time);
            while (await looks.WaitForNextTickAsync(either.Token))
            {
                var changes = world.Advance(TimeSpan.FromSeconds(options.Speed / options.Rate));
                if (changes.Count > 0)
                {
                    await link.SendAsync(EventXml.Write(changes), either.Token);
                }
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            // The connection is lost. The next one gets all elements, including the unsent ones.
        }
        catch (OperationCanceledException)
        {
            await link.EndAsync();
            throw;
        }
    }

    /// <summary>Writes one line for each outage, not for each attempt.</summary>
    private async Task WriteLostAsync(string reason)
    {
        if (!_saidLost)
        {
            _saidLost = true;
            await output.WriteLineAsync($"Demo home: no connection to {options.To} ({reason}); trying again");
        }
    }
}
