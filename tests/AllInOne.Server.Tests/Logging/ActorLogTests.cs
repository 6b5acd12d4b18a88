using System.Text.Json;
using Akka.Actor;
using AllInOne.Server.Logging;
using Microsoft.Extensions.Configuration;

namespace AllInOne.Server.Tests.Logging;

/// <summary>Events in the tree of a real server are in its log: once, with level and source.</summary>
[Collection(nameof(OneLog))]
public sealed class ActorLogTests : IDisposable
{
    private readonly TemporaryDirectory _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_failure_is_an_error_with_its_actor_and_its_stack_trace()
    {
        await RunAsync("Information", async server =>
        {
            server.Tree.System.ActorOf(Props.Create<Failing>(), "failing").Tell("fail", ActorRefs.NoSender);
            await LoggedAsync("as the test asked");
        });

        var line = Assert.Single(LinesWith("as the test asked"));
        Assert.Equal("Error", line.GetProperty("Level").GetString());
        Assert.EndsWith("/user/failing", Property(line, "LogSource"), StringComparison.Ordinal);
        Assert.Contains($"at {typeof(Failing).FullName!.Replace('+', '.')}.", line.GetProperty("Exception").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_message_that_is_not_handled_is_a_warning()
    {
        await RunAsync("Information", async server =>
        {
            server.Tree.System.ActorOf(Props.Create<Failing>(), "choosy").Tell(17, ActorRefs.NoSender);
            await LoggedAsync("System.Int32 is not handled");
        });

        var line = Assert.Single(LinesWith("System.Int32 is not handled"));
        Assert.Equal("Warning", line.GetProperty("Level").GetString());
        Assert.EndsWith("/user/choosy", Property(line, "LogSource"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_actor_that_is_abandoned_is_a_warning_of_the_scheduler()
    {
        await RunAsync("Information", async server =>
        {
            using var response = await server.SendAsync("POST", "/api/system/faults", """{"kind": "block", "count": 1, "seconds": 30}""");
            string Blocked() => server.Tree.Inspection.Children("/user/faults", null, 10).Where(actor => actor.Message is not null).Select(actor => actor.Path).FirstOrDefault("");
            await Until.TrueAsync(() => Blocked().Length > 0);
            Assert.True(server.Tree.Stop(Blocked()));
            await LoggedAsync("is abandoned");
        });

        var line = Assert.Single(LinesWith("is abandoned"));
        Assert.Equal("Warning", line.GetProperty("Level").GetString());
        Assert.StartsWith("/user/faults/", Property(line, "LogSource"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Debug", 1)]
    [InlineData("Information", 0)]
    public async Task A_message_to_no_actor_is_a_line_at_debug(string level, int lines)
    {
        await RunAsync(level, async server =>
        {
            server.Tree.System.ActorSelection("/user/nobody").Tell(17, ActorRefs.NoSender);

            // This message comes after the first one, through the same actor.
            server.Tree.System.ActorOf(Props.Create<Failing>(), "choosy").Tell(17, ActorRefs.NoSender);
            await LoggedAsync("System.Int32 is not handled");
        });

        Assert.Equal(lines, LinesWith("System.Int32 found no actor").Length);
    }

    private async Task RunAsync(string level, Func<TestServer, Task> act)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Serilog:MinimumLevel:Default", level)]).Build();
        using var log = new ServerLog(configuration, _folder.Path, console: false, node: "kitchen", lines: 10_000);
        using var server = new TestServer { Loggers = log, Keys = { ["Faults:Enabled"] = "true" } };
        await server.InitializeAsync();
        try
        {
            await act(server);
        }
        finally
        {
            await server.DisposeAsync();
        }
    }

    private Task LoggedAsync(string text) => Until.TrueAsync(() => LinesWith(text).Length > 0, () => string.Join('\n', Lines()));

    private JsonElement[] LinesWith(string text) => [.. Lines()
        .Where(line => line.Contains(text, StringComparison.Ordinal))
        .Select(line => JsonDocument.Parse(line).RootElement)];

    // The last line may not be complete yet.
    private string[] Lines() => [.. Directory.EnumerateFiles(_folder.Path).SelectMany(Read).Where(line => line.EndsWith('}'))];

    private static string[] Read(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Split('\n', StringSplitOptions.TrimEntries);
    }

    private static string? Property(JsonElement line, string name) => line.GetProperty("Properties").GetProperty(name).GetString();

    /// <summary>Not in parallel with other tests: Akka.NET's logger writes to Serilog's static logger, which every server's log replaces.</summary>
    [CollectionDefinition(nameof(OneLog), DisableParallelization = true)]
    public sealed class OneLog;

    private sealed class Failing : ReceiveActor
    {
        public Failing() => Receive<string>(Fail);

        private static void Fail(string message) => throw new InvalidOperationException("as the test asked");
    }
}
