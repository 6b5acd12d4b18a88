using System.Net.Http.Json;
using System.Runtime.Versioning;
using AllInOne.EndToEnd.Tests.Running;

namespace AllInOne.EndToEnd.Tests.Limits;

/// <summary>Other users of the machine can read no file of the server.</summary>
public sealed class FileModeTests : IDisposable
{
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    private readonly string _root = Directory.CreateTempSubdirectory("allinone-modes-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public async Task Other_users_can_read_nothing_that_the_server_creates()
    {
        var data = Path.Combine(_root, "data");
        var backups = Path.Combine(_root, "elsewhere", "backups");
        await using var server = await ServerProcess.StartAsync(data, more: [$"--Backup:Directory={backups}"]);
        using var state = await server.Http.PutAsJsonAsync(new Uri("/api/state/secret?durable=true", UriKind.Relative), "word");
        state.EnsureSuccessStatusCode();
        using var backup = await server.Http.PostAsync(new Uri("/api/system/backups", UriKind.Relative), null);
        // Waits until the temporary files of the backup are removed.
        await Eventually.Async(
            () => Task.FromResult(Directory.Exists(backups) && Directory.EnumerateFileSystemEntries(backups).ToList() is [var only] && only.EndsWith(".zip", StringComparison.Ordinal)),
            () => server.Output);

        string[] made =
        [
            data, backups, .. Directory.EnumerateFileSystemEntries(data, "*", SearchOption.AllDirectories),
            .. Directory.EnumerateFileSystemEntries(backups, "*", SearchOption.AllDirectories),
        ];

        Assert.Contains(Path.Combine(data, "allinone.db-wal"), made);
        Assert.Contains(made, path => path.EndsWith(".jsonl", StringComparison.Ordinal));
        Assert.All(made, path => Assert.Equal(UnixFileMode.None, File.GetUnixFileMode(path) & Others));
    }
}
