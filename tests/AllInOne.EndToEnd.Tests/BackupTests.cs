using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests;

/// <summary>Backups by the command line, as an administrator makes and restores them.</summary>
public sealed class BackupTests : IDisposable
{
    private readonly TemporaryDirectory _root = new();

    private string Data => _root["data"];

    private string Archive => _root["backup.zip"];

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task A_backup_of_the_running_server_brings_its_state_to_another_directory()
    {
        await using (var server = await ServerProcess.StartAsync(Data))
        {
            await server.Http.PutStateAsync("sensor.a", "saved");
            await RunAsync(0, "Made ", "backup", "create", "--data", Data, "--to", Archive);
            await server.Http.PutStateAsync("sensor.a", "later");
            await RunAsync(2, "in use by another server", "backup", "restore", Archive, "--data", Data);
            await RunAsync(2, "exists already", "backup", "create", "--data", Data, "--to", Archive);
            Assert.Equal("later", await StateAsync(server));
        }

        await RunAsync(0, "Restored allinone.db, history.db, state.db", "backup", "restore", Archive, "--data", _root["other"]);
        await using var other = await ServerProcess.StartAsync(_root["other"]);
        Assert.Equal("saved", await StateAsync(other));
    }

    [Fact]
    public async Task A_backup_made_while_the_feed_and_clients_write_has_all_that_was_acknowledged_before_it_was_asked_for()
    {
        var made = new ConcurrentDictionary<string, bool>();
        long events;
        List<string> documents;
        await using (var server = await ServerProcess.StartAsync(Data))
        {
            await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: true);
            using var over = new CancellationTokenSource();
            var writing = Enumerable.Range(0, 4).Select(client => PostForEverAsync(server, client, made, over.Token)).Append(SendForEverAsync(feed, over.Token)).ToList();
            await Eventually.Async(
                () => Task.FromResult(feed.Acknowledged > 200 && made.Count > 100), () => $"{feed.Acknowledged} events, {made.Count} documents:\n{server.Output}");
            (events, documents) = (feed.Acknowledged, [.. made.Keys]);

            await RunAsync(0, "Made ", "backup", "create", "--data", Data, "--to", Archive);

            await over.CancelAsync();
            await Task.WhenAll(writing);
        }

        await RunAsync(0, "Restored ", "backup", "restore", Archive, "--data", _root["other"]);
        await using var other = await ServerProcess.StartAsync(_root["other"]);
        var states = (await other.Http.HistoryAsync("sensor.a")).Select(one => one.State().GetInt64()).ToList();
        Assert.True(states.Count >= events, $"{states.Count} of {events} events");
        Assert.Equal(Enumerable.Range(1, states.Count).Select(n => (long)n), states);
        var lines = await other.Http.GetStringAsync(new Uri("/api/collections/things/export", UriKind.Relative));
        var restored = lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement.GetProperty("id").GetString()!);
        Assert.Empty(documents.Except(restored));
    }

    [Fact]
    public async Task A_restore_in_place_keeps_the_old_data_aside_and_resets_the_cursors_of_old_clients()
    {
        long seen;
        await using (var server = await ServerProcess.StartAsync(Data))
        {
            await server.Http.PutStateAsync("sensor.a", "saved");
            await server.Http.PutStateAsync("sensor.b", "1");
            Assert.Equal(0, await server.TerminateAsync());
        }

        await RunAsync(0, "Made ", "backup", "create", "--data", Data, "--to", Archive);
        await using (var server = await ServerProcess.StartAsync(Data))
        {
            await server.Http.PutStateAsync("sensor.a", "later");
            seen = await server.Http.HeadSeqAsync();
            Assert.Equal(0, await server.TerminateAsync());
        }

        var damaged = File.ReadAllBytes(Archive);
        damaged[damaged.Length / 2] ^= 1;
        File.WriteAllBytes(_root["damaged.zip"], damaged);
        await RunAsync(2, "it is damaged", "backup", "restore", _root["damaged.zip"], "--data", Data);
        Assert.Empty(Directory.GetDirectories(Data, "before-restore-*"));

        await RunAsync(0, "What was there before is in", "backup", "restore", Archive, "--data", Data);

        Assert.True(File.Exists(Path.Combine(Directory.GetDirectories(Data, "before-restore-*").Single(), "history.db")));
        await using var restored = await ServerProcess.StartAsync(Data);
        Assert.Equal("saved", await StateAsync(restored));
        await restored.Http.PutStateAsync("sensor.a", "new");
        Assert.True(await restored.Http.HeadSeqAsync() > seen);
        Assert.Contains("\"reset\":true", await restored.Http.GetStringAsync(new Uri($"/api/events?since={seen}&timeout=0", UriKind.Relative)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_impossible_backup_or_restore_is_refused_in_one_line()
    {
        await RunAsync(2, "there is nothing to save", "backup", "create", "--data", Data);
        Directory.CreateDirectory(Data);
        await RunAsync(2, "there is no directory for", "backup", "create", "--data", Data, "--to", _root["nowhere/x.zip"]);
        await RunAsync(2, "there is no file", "backup", "restore", Archive, "--data", Data);
        File.WriteAllText(Archive, "this is no archive, however long one looks at it; it has more bytes than the seal has");
        await RunAsync(2, $"{Archive} is not restored: it is no backup of this program", "backup", "restore", Archive, "--data", Data);
    }

    [Fact]
    public async Task A_restore_that_is_killed_leaves_the_old_set_or_the_new_one()
    {
        await using (var server = await ServerProcess.StartAsync(Data))
        {
            await server.Http.PutStateAsync("sensor.a", "saved");
            await RunAsync(0, "Made ", "backup", "create", "--data", Data, "--to", Archive);
            await server.Http.PutStateAsync("sensor.a", "later");
            Assert.Equal(0, await server.TerminateAsync());
        }

        foreach (var sign in (string[])["restoring-*", "restore.json", "before-restore-*"])
        {
            await using var restore = ServerProcess.Begin("backup", "restore", Archive, "--data", Data);
            // Kill as soon as the file appears. If it appears and disappears too quickly, the loop ends with the process.
            while (!restore.HasExited && Directory.GetFileSystemEntries(Data, sign).Length == 0)
            {
                Thread.Yield();
            }

            await restore.KillAsync();
        }

        await using var survivor = await ServerProcess.StartAsync(Data);
        Assert.Contains(await StateAsync(survivor), (string[])["saved", "later"]);
        Assert.Empty(Directory.GetFileSystemEntries(Data, "restor*"));
    }

    private static async Task SendForEverAsync(FeedClient feed, CancellationToken over)
    {
        for (var n = 1; n < 20_000 && !over.IsCancellationRequested; n++)
        {
            await feed.SendAsync($"<event><sensor id=\"a\" state=\"{n}\"/></event>");
        }
    }

    private static async Task PostForEverAsync(ServerProcess server, int client, ConcurrentDictionary<string, bool> made, CancellationToken over)
    {
        for (var n = 0; !over.IsCancellationRequested; n++)
        {
            var id = $"{client}-{n}";
            using var response = await server.Http.PostAsJsonAsync(
                new Uri("/api/collections/things/documents", UriKind.Relative), new { id, n }, CancellationToken.None);
            response.EnsureSuccessStatusCode();
            made[id] = true;
        }
    }

    private static async Task<string?> StateAsync(ServerProcess server) =>
        (await server.Http.EntityAsync("sensor.a")).GetProperty("state").GetString();

    private static async Task RunAsync(int code, string says, params string[] arguments)
    {
        var (exit, output) = await ServerProcess.RunAsync(arguments);
        Assert.Contains(says, output, StringComparison.Ordinal);
        Assert.Equal(code, exit);
        if (code != 0)
        {
            Assert.DoesNotContain('\n', output);
        }
    }
}
