using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>
/// The frame of the tests that kill. Clients work with a server on one data directory, and it is killed after a random time. The data of the next
/// server is compared with the acknowledged changes. This is repeated; the last server stops in order. After each end the files must be sound.
/// </summary>
/// <param name="data">The data directory of all servers.</param>
/// <param name="arguments">Further arguments of each server.</param>
internal sealed class Killing(string data, params string[] arguments)
{
    /// <summary>A moment just before the last kill, in the units of <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public long KilledAt { get; private set; }

    /// <param name="compare">Compares a server that has just started with the acknowledged changes.</param>
    /// <param name="clients">Starts the clients, which work until their server is killed.</param>
    /// <param name="isEnough">Whether enough was acknowledged since the start of this server for a useful kill.</param>
    public async Task RunAsync(int kills, int seed, Func<ServerProcess, Task> compare, Func<Uri, IReadOnlyList<Task>> clients, Func<bool> isEnough)
    {
        var random = new Random(seed);
        for (var kill = 0; kill <= kills; kill++)
        {
            await using (var server = await ServerProcess.StartAsync(data, more: arguments))
            {
                await compare(server);
                if (kill < kills)
                {
                    await WorkUntilKilledAsync(server, TimeSpan.FromMilliseconds(random.Next(100, 1200)), clients, isEnough);
                }
                else
                {
                    Assert.Equal(0, await server.TerminateAsync());
                }
            }

            foreach (var file in Directory.GetFiles(data, "*.db"))
            {
                Inspect(file);
            }
        }
    }

    private async Task WorkUntilKilledAsync(
        ServerProcess server, TimeSpan alive, Func<Uri, IReadOnlyList<Task>> clients, Func<bool> isEnough)
    {
        var working = clients(server.Url);
        var watch = Stopwatch.StartNew();
        await Eventually.Async(
            () => Task.FromResult(watch.Elapsed > alive && isEnough()),
            () => $"nothing is acknowledged:\n{server.Output}");
        KilledAt = Stopwatch.GetTimestamp();
        await server.KillAsync();
        await Task.WhenAll(working);
    }

    /// <summary>Checks a file as the next server will open it: with the WAL of the killed server.</summary>
    private static void Inspect(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", command.ExecuteScalar());
    }
}
