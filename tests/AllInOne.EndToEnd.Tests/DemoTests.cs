using System.Net.Http.Json;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests;

/// <summary><c>--demo</c>: the server and the simulated home start and end together.</summary>
public sealed class DemoTests : IDisposable
{
    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task The_demo_home_appears_and_loses_no_event_while_every_part_restarts()
    {
        string[] parts = ["diagnostics", "storage", "backups", "live", "documents", "entities", "state", "feeds", "jobs", "requests", "load", "http"];
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, "--demo");
        await HasAsync(server, "domain=match", 20);
        await HasAsync(server, "area=Kitchen", 5);
        foreach (var part in parts)
        {
            await server.Http.RestartAsync($"/user/{part}");
            await server.ReadyAsync();
            var before = await EventsAsync(server);
            await Eventually.Async(async () => await EventsAsync(server) > before, () => $"no event after the restart of {part}:\n{server.Output}");
        }

        var children = (await ItemsAsync(server, "/api/system/actors?path=/user")).Skip(1).ToDictionary(
            child => child.GetProperty("path").GetString()!, child => child.GetProperty("restarts").GetInt32());
        Assert.Equal(parts.Order().Select(part => KeyValuePair.Create($"/user/{part}", 1)), children);
        var entities = await ItemsAsync(server, "/api/entities?limit=1000");
        Assert.Equal(60, entities.Count);
        foreach (var entity in entities)
        {
            List<long> versions = [];
            await Eventually.Async(
                async () =>
                {
                    versions = [.. (await server.Http.HistoryAsync(entity.GetProperty("id").GetString()!)).Select(HistoryReader.Version)];
                    return versions.Count >= entity.GetProperty("version").GetInt64();
                },
                () => $"history has {versions.Count} changes of {entity}");
            Assert.Equal(Enumerable.Range(1, versions.Count).Select(version => (long)version), versions);
        }
    }

    [Fact]
    public async Task The_simulator_ends_with_its_server_also_when_that_is_killed()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path, null, null, "--demo");
        await HasAsync(server, "domain=match", 20);
        var simulator = Assert.Single(ChildrenOf(server.Id));
        await server.KillAsync();
        await Eventually.Async(() => Task.FromResult(!Directory.Exists($"/proc/{simulator}")), () => "the simulator lives on");
    }

    private static Task HasAsync(ServerProcess server, string query, int count) => Eventually.Async(
        async () => (await server.Http.GetFromJsonAsync<JsonElement>(new Uri($"/api/entities?{query}", UriKind.Relative)))
            .GetProperty("items").GetArrayLength() >= count,
        () => $"not {count} entities for {query}:\n{server.Output}");

    private static async Task<List<JsonElement>> ItemsAsync(ServerProcess server, string path) =>
        [.. (await server.Http.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative))).GetProperty("items").EnumerateArray()];

    private static async Task<long> EventsAsync(ServerProcess server) =>
        (await server.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/system", UriKind.Relative)))
        .GetProperty("events").GetProperty("total").GetInt64();

    /// <summary>The fourth field of <c>/proc/&lt;pid&gt;/stat</c> is the parent. The second field, in parentheses, may contain any text.</summary>
    private static List<int> ChildrenOf(int parent) => Directory.EnumerateDirectories("/proc")
        .Select(directory => int.TryParse(Path.GetFileName(directory), out var id) ? id : 0)
        .Where(id => id > 0 && ParentOf(id) == parent)
        .ToList();

    private static int ParentOf(int process)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{process}/stat");
            return int.Parse(stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            // The process has just exited.
            return 0;
        }
    }
}
