using System.Diagnostics;
using System.Globalization;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests;

/// <summary>The log of a server whose console is a pipe that no process reads, as under a supervisor that hangs.</summary>
public sealed class LogTests : IDisposable
{
    private const int Clients = 8;

    // More lines than the pipe and the queue of the console hold.
    private const int Requests = 14_000;

    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_blocked_console_delays_no_request_and_the_file_still_gets_every_line()
    {
        using var server = Process.Start(ServerProcess.HowToStart(
            "serve", "--data", _data.Path, "--urls", "http://127.0.0.1:0", "--Feeds:Xml:Listen=127.0.0.1:0"))!;
        try
        {
            using var http = new HttpClient { BaseAddress = await AddressAsync(server.StandardOutput) };

            await Task.WhenAll(Enumerable.Range(0, Clients).Select(async _ =>
            {
                for (var n = 0; n < Requests / Clients; n++)
                {
                    using var response = await http.GetAsync(new Uri("/api/nothing", UriKind.Relative));
                }
            }));

            Assert.True(await DroppedAsync(http, "console") > 0);
            Assert.Equal(0, await DroppedAsync(http, "file"));
            var (written, file) = (0, Directory.EnumerateFiles(_data["logs"]).Single());
            await Eventually.Async(
                async () => (written = (await ReadAsync(file)).Split("\"Path\":\"/api/nothing\"").Length - 1) == Requests,
                () => $"{written} lines of {Requests}");
            const int SigTerm = 15;
            _ = ServerProcess.Kill(server.Id, SigTerm);
            await server.WaitForExitAsync().WaitAsync(Until.Limit);
            Assert.Equal(0, server.ExitCode);
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static async Task<Uri> AddressAsync(StreamReader output)
    {
        while (await output.ReadLineAsync().WaitAsync(Until.Limit) is { } line)
        {
            if (line.Split("Dashboard", StringSplitOptions.TrimEntries) is ["", var url])
            {
                return new Uri(url);
            }
        }

        throw new EndOfStreamException("the process ended");
    }

    private static async Task<long> DroppedAsync(HttpClient http, string to)
    {
        var start = $"allinone_log_dropped_total{{to=\"{to}\"}} ";
        var metrics = await http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        return long.Parse(metrics.Split('\n').Single(line => line.StartsWith(start, StringComparison.Ordinal))[start.Length..], CultureInfo.InvariantCulture);
    }

    private static async Task<string> ReadAsync(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }
}
