using System.Net;
using System.Net.Sockets;
using AllInOne.Server.Simulation;

namespace AllInOne.Server.Tests.Simulation;

public sealed class SimulatorTests : IDisposable
{
    private static readonly TimeSpan Limit = Until.Limit;

    private readonly TcpListener _feed = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new(Limit);

    private readonly IPEndPoint _address;

    public SimulatorTests()
    {
        _feed.Start();
        _address = (IPEndPoint)_feed.LocalEndpoint;
    }

    public void Dispose()
    {
        _feed.Dispose();
        _end.Dispose();
    }

    [Fact]
    public async Task Each_new_connection_first_gets_all_elements()
    {
        var running = Simulator().RunAsync(_end.Token);
        for (var connection = 0; connection < 2; connection++)
        {
            using var client = await _feed.AcceptTcpClientAsync(_end.Token);
            using var reader = new StreamReader(client.GetStream());
            var first = await reader.ReadLineAsync(_end.Token);
            Assert.Equal(60, first!.Split(" state=").Length - 1);
            Assert.StartsWith("<event>", await reader.ReadLineAsync(_end.Token), StringComparison.Ordinal);
        }

        await _end.CancelAsync();
        await running.WaitAsync(Limit);
    }

    [Fact]
    public async Task The_simulator_waits_for_a_server_that_has_not_started()
    {
        _feed.Stop();
        var output = new Lines();
        var running = Simulator(output).RunAsync(_end.Token);
        Assert.Contains("trying again", await output.NextAsync(_end.Token), StringComparison.Ordinal);

        using var later = new TcpListener(_address);
        later.Start();
        using var client = await later.AcceptTcpClientAsync(_end.Token);
        Assert.Contains("60 entities", await output.NextAsync(_end.Token), StringComparison.Ordinal);

        await _end.CancelAsync();
        await running.WaitAsync(Limit);
    }

    [Fact]
    public async Task The_simulator_ends_with_a_half_close_and_waits_for_the_server_to_close()
    {
        var running = Simulator().RunAsync(_end.Token);
        using var client = await _feed.AcceptTcpClientAsync();
        var reader = new StreamReader(client.GetStream());
        await reader.ReadLineAsync();
        await _end.CancelAsync();

        // The stream ends, but not in the middle of an event. Then the simulator waits until this side is closed.
        var rest = await reader.ReadToEndAsync().WaitAsync(Limit);
        Assert.True(rest.Length == 0 || rest.EndsWith("</event>\n", StringComparison.Ordinal), rest);
        client.Close();
        await running.WaitAsync(Limit);
    }

    private Simulator Simulator(TextWriter? output = null)
    {
        var to = new FeedTarget("127.0.0.1", _address.Port);
        var world = new DemoWorld(1, new DateTimeOffset(2025, 4, 12, 19, 30, 0, TimeSpan.Zero));
        return new Simulator(world, new SimulatorOptions(to, Speed: 600, Rate: 100), TimeProvider.System, output ?? TextWriter.Null);
    }

    /// <summary>Keeps the output line by line, so that a test can wait for a line.</summary>
    private sealed class Lines : StringWriter
    {
        private readonly System.Threading.Channels.Channel<string> _lines = System.Threading.Channels.Channel.CreateUnbounded<string>();

        public ValueTask<string> NextAsync(CancellationToken cancellation) => _lines.Reader.ReadAsync(cancellation);

        public override Task WriteLineAsync(string? value)
        {
            _lines.Writer.TryWrite(value ?? "");
            return Task.CompletedTask;
        }
    }
}
