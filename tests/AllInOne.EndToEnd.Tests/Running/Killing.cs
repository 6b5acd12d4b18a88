using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace AllInOne.EndToEnd.Tests.Running;

/// <summary>
/// The frame of the tests that kill: clients work against a server on one data directory, it is killed after a random while, the next one is
/// compared with what clients were told, again and again; the last one stops in order. After each end the files must be sound.
/// </summary>
/// <param name="data">The data directory of all servers.</param>
/// <param name="arguments">Further arguments of each.</param>
internal sealed class Killing(string data, params string[] arguments)
{
    /// <summary>A moment just before the last kill, as <see cref="Stopwatch.GetTimestamp"/> has it.</summary>
    public long KilledAt { get; private set; }

    /// <param name="compare">Looks at a server that has just started.</param>
    /// <param name="clients">Work until their server is gone.</param>
    /// <param name="isEnough">Whether so much was acknowledged since the start of this server that a kill tells something.</param>
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

    /// <summary>Opened as the next server will: with the log that the dead one has left.</summary>
    private static void Inspect(string file)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        Assert.Equal("ok", command.ExecuteScalar());
    }
}
