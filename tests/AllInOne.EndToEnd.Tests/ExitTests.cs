using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests;

/// <summary>How the process ends, as a guardian, a script and a child process see it.</summary>
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

    [Fact]
    public async Task A_tree_that_gives_up_ends_the_process_with_code_70_and_a_line_that_says_why()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, "--Supervision:MaxRestarts=1");
        await server.Http.PostAsync("/api/system/actors/stop?path=/user/http");
        using var other = new TcpListener(IPEndPoint.Parse(server.Url.Authority));
        await Eventually.Async(() => Task.FromResult(TryStart(other)), () => $"the port stays taken:\n{server.Output}");

        // The web host cannot come back while another holds its port: past the limit that is the root's failure.
        server.HangUp();

        Assert.Equal(70, await server.ExitAsync());
        Assert.Contains("AllInOne: the supervision tree has ended: /user/http failed more than 1 times", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_demo_home_ends_with_its_server_however_that_ends()
    {
        int home;
        await using (var server = await ServerProcess.StartAsync(_data.Path, null, null, "--demo"))
        {
            home = await ChildAsync(server.Id);
            await server.KillAsync();
        }

        await Eventually.Async(() => Task.FromResult(HasEnded(home)), () => $"process {home} lives on");
    }

    /// <summary>Gone, or dead and only not buried yet by whoever has inherited it.</summary>
    private static bool HasEnded(int process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process}/stat").Contains(") Z ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return true;
        }
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

    /// <summary>The process that another one has started; a child belongs to the thread that did.</summary>
    private static async Task<int> ChildAsync(int process)
    {
        var children = "";
        await Eventually.Async(
            () =>
            {
                var threads = Directory.EnumerateDirectories($"/proc/{process}/task");
                children = string.Concat(threads.Select(thread => File.ReadAllText(Path.Combine(thread, "children"))));
                return Task.FromResult(children.Length > 0);
            },
            () => "there is no demo home");
        return int.Parse(children.Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
