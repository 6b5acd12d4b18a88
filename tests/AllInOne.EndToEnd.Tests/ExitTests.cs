using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests;

/// <summary>The end of the process, as a service manager or a script sees it.</summary>
public sealed class ExitTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_wrong_configuration_ends_with_code_2_and_a_line_for_each_problem()
    {
        var (code, output) = await ServerProcess.RunAsync("--data", _data["never"], "--Feeds:Xml:Lisen=x", "--Http:MaxBodyBytes=lots");

        Assert.Equal(2, code);
        Assert.Collection(
            output.Split('\n'),
            line => Assert.Contains("Feeds:Xml:Lisen", line, StringComparison.Ordinal),
            line => Assert.Contains("Http:MaxBodyBytes", line, StringComparison.Ordinal));
        Assert.False(Directory.Exists(_data["never"]));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(128)]
    [InlineData(200)]
    [InlineData(250)]
    public async Task Too_few_open_files_end_the_start_with_code_2_and_one_line_that_says_how_to_allow_more(int limit)
    {
        var (code, output) = await ServerProcess.RunWithOpenFilesAsync(limit, "serve", "--data", _data["never"]);

        Assert.Equal(2, code);
        Assert.StartsWith($"AllInOne: the limit of open files is {limit}, and the server needs at least 400; raise it with", Assert.Single(output.Split('\n')), StringComparison.Ordinal);
        Assert.False(Directory.Exists(_data["never"]));
    }

    [Fact]
    public async Task A_tree_that_gives_up_ends_the_process_with_code_70_and_a_line_that_says_why()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, "--Supervision:MaxRestarts=1");
        await server.Http.PostAsync("/api/system/actors/stop?path=/user/http");
        using var other = new TcpListener(IPEndPoint.Parse(server.Url.Authority));
        await Eventually.Async(() => Task.FromResult(TryStart(other)), () => $"the port stays taken:\n{server.Output}");

        // The web host cannot start again while another process holds its port. Beyond the limit of restarts, the root fails.
        server.HangUp();

        Assert.Equal(70, await server.ExitAsync());
        Assert.Contains("AllInOne: the supervision tree has ended: /user/http failed more than 1 times", server.Output, StringComparison.Ordinal);
        Assert.Contains("/user/http: The web host cannot be opened", server.Output, StringComparison.Ordinal);
        var log = await File.ReadAllLinesAsync(Directory.EnumerateFiles(_data["logs"]).Single());
        Assert.Contains(log, line => line.Contains("\"Level\":\"Error\"", StringComparison.Ordinal) && line.Contains("The web host cannot be opened", StringComparison.Ordinal)
            && line.Contains("/user/http", StringComparison.Ordinal) && line.Contains("at AllInOne.Server.Hosting.HttpActor.", StringComparison.Ordinal));
        Assert.Contains(log, line => line.Contains("\"Level\":\"Fatal\"", StringComparison.Ordinal) && line.Contains("has ended: /user/http failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Blocked_threads_up_to_the_maximum_end_the_process_with_code_70_and_a_line_that_names_the_messages()
    {
        await using var server = await ServerProcess.StartAsync(
            _data.Path, null, null, "--Faults:Enabled=true", "--Scheduler:Workers=2", "--Scheduler:MaxThreads=32");

        using var response = await server.Http.PostAsJsonAsync("/api/system/faults", new { kind = "block", count = 60, seconds = 60 });

        Assert.Equal(70, await server.ExitAsync());
        Assert.Contains("AllInOne: the supervision tree has ended: All 32 threads for actors are held up by messages that do not end: ", server.Output, StringComparison.Ordinal);
        Assert.Contains("BlockingActor", server.Output, StringComparison.Ordinal);
    }

    private static bool TryStart(TcpListener listener)
    {
        try
        {
            listener.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
