using System.Net.Http.Json;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Limits;

/// <summary>The disk is really full for a while. Skipped if no small disk can be mounted.</summary>
public sealed class FullDiskTests
{
    [SmallDiskFact]
    public async Task The_server_stays_up_reports_the_problem_and_stores_everything_when_there_is_space()
    {
        using var disk = new SmallDisk("24m");
        await using var server = await ServerProcess.StartAsync(Path.Combine(disk.Path, "data"), more: "--Entities:CommandTimeout=00:00:01");
        await using var feed = await FeedClient.ConnectAsync(server.Feed, acks: true);
        await feed.SendAsync("<event><sensor id=\"a\" state=\"0\"/></event>");
        await Eventually.Async(() => Task.FromResult(feed.Acknowledged == 1), () => $"no ack:\n{server.Output}");

        disk.Fill();
        const int Events = 3000;
        for (var n = 1; n <= Events; n++)
        {
            await feed.SendAsync($"<event><sensor id=\"a\" state=\"{n}\"/></event>");
        }

        var text = "";
        await Eventually.Async(
            async () =>
            {
                using var response = await server.Http.GetAsync(new Uri("/readyz", UriKind.Relative));
                text = await response.Content.ReadAsStringAsync();
                return !response.IsSuccessStatusCode && text.Contains("disk is full", StringComparison.Ordinal);
            },
            () => $"{text}\n{server.Output}");
        using (var put = await server.Http.PutAsync(
            new Uri("/api/entities/input_number.x", UriKind.Relative), new StringContent("{\"state\":1}", null, "application/json")))
        {
            Assert.Equal(System.Net.HttpStatusCode.ServiceUnavailable, put.StatusCode);
            Assert.Contains("database or disk is full", await put.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }

        disk.Free();

        await server.ReadyAsync();
        await Eventually.Async(() => Task.FromResult(feed.Acknowledged == Events + 1), () => $"{feed.Acknowledged} acks:\n{server.Output}");
        var history = await server.Http.HistoryAsync("sensor.a");
        Assert.Equal(Enumerable.Range(0, Events + 1), history.Select(one => one.State().GetInt32()));
    }

    [SmallDiskFact]
    public async Task A_backup_for_which_the_disk_has_no_room_fails_with_its_reason_leaves_no_file_and_blocks_no_write()
    {
        using var disk = new SmallDisk("64m");
        await using var server = await ServerProcess.StartAsync(Path.Combine(disk.Path, "data"));
        await server.Http.PutStateAsync("sensor.a", "1");
        disk.Fill();

        await server.Http.PostAsync("/api/system/backups");

        var listed = await LastBackupAsync(server, "failed");
        Assert.Contains("KiB free, and", listed.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(disk.Path, "data", "backups")));
        disk.Free();
        await server.Http.PutStateAsync("sensor.a", "2");
        await server.Http.PostAsync("/api/system/backups");
        await LastBackupAsync(server, "done");
    }

    private static async Task<JsonElement> LastBackupAsync(ServerProcess server, string state)
    {
        JsonElement list = default;
        await Eventually.Async(
            async () =>
            {
                list = await server.Http.GetFromJsonAsync<JsonElement>(new Uri("/api/system/backups", UriKind.Relative));
                return list.GetProperty("items")[0].GetProperty("state").GetString() == state;
            },
            () => $"{list}\n{server.Output}");
        return list.GetProperty("items")[0];
    }
}
