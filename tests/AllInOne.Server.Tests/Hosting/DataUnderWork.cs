using System.Net.Http.Json;

namespace AllInOne.Server.Tests.Hosting;

/// <summary>Two data directories with documents, state and history: one of a killed server, and one of a server that stopped in order.</summary>
public sealed class DataUnderWork : IAsyncLifetime, IDisposable
{
    private readonly TemporaryDirectory _copies = new();

    /// <summary>Each database file has a WAL, and pages that are not in the WAL.</summary>
    public string Killed => _copies["killed"];

    public string Stopped => _copies["stopped"];

    public async Task InitializeAsync()
    {
        using var server = new TestServer();
        await server.InitializeAsync();
        using (await server.SendAsync("PUT", "/api/collections/notes", "{}"))
        {
            await WorkAsync(server, 1, 400);
            await server.RestartAsync();
            await WorkAsync(server, 401, 402);
        }

        Copy(server.DataDirectory, Killed);
        await server.DisposeAsync();
        Copy(server.DataDirectory, Stopped);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _copies.Dispose();

    private static async Task WorkAsync(TestServer server, int from, int to)
    {
        var text = new string('x', 300);
        var numbers = Enumerable.Range(from, to - from + 1).ToList();
        await server.FeedAsync(string.Concat(numbers.Select(n => $"<event><sensor id=\"s{n}\" state=\"{n}\" note=\"{text}\"/></event>")));
        using var documents = await server.Client.PostAsJsonAsync("/api/collections/notes/documents", numbers.Select(n => new { id = $"{n}", text }));
        documents.EnsureSuccessStatusCode();
        foreach (var n in numbers.Where(n => n % 2 == 0))
        {
            using var state = await server.SendAsync("PUT", $"/api/state/k{n}?durable=true", $"\"{text}\"");
            state.EnsureSuccessStatusCode();
        }
    }

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var path in Directory.EnumerateFiles(from).Where(path => path.Contains(".db", StringComparison.Ordinal)))
        {
            File.Copy(path, Path.Combine(to, Path.GetFileName(path)));
        }
    }
}
