using System.Text.Json;
using AllInOne.Core.Backups;

namespace AllInOne.Server.Cli;

/// <summary>The client that requests a backup from a running server, over its public API.</summary>
internal sealed class BackupClient(Uri server) : IDisposable
{
    private const string Resource = "/api/system/backups";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    // The server never redirects. A redirect would come from another process on its port.
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = server };

    /// <summary>Requests a backup and waits until it is complete; returns its name.</summary>
    /// <exception cref="BackupException">The backup failed; the message says why.</exception>
    public Task<string> CreateAsync(CancellationToken cancel) => AskAsync(async () =>
    {
        using var response = await _http.PostAsync(new Uri(Resource, UriKind.Relative), null, cancel);
        var name = (await ReadAsync(response, cancel)).GetProperty("name").GetString()!;
        using var again = new PeriodicTimer(Pause);
        while (true)
        {
            using var list = await _http.GetAsync(new Uri(Resource, UriKind.Relative), cancel);
            var items = (await ReadAsync(list, cancel)).GetProperty("items").EnumerateArray();
            var made = items.FirstOrDefault(item => item.GetProperty("name").GetString() == name);
            switch (made.ValueKind == JsonValueKind.Object ? made.GetProperty("state").GetString() : "gone")
            {
                case "done":
                    return name;
                case "running":
                    await again.WaitForNextTickAsync(cancel);
                    break;
                case "failed":
                    throw new BackupException($"the server could not make the backup: {made.GetProperty("error").GetString()}");
                case var state:
                    throw new BackupException($"the backup {name} is {state}; the server's log may say why");
            }
        }
    });

    /// <summary>Downloads a backup. The file gets its name only when it is complete.</summary>
    public Task<string> DownloadAsync(string name, string to, CancellationToken cancel) => AskAsync(async () =>
    {
        var partial = to + ".partial";
        try
        {
            using var response = await _http.GetAsync(new Uri($"{Resource}/{name}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, cancel);
            await MustBeGoodAsync(response, cancel);
            await using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
            {
                await response.Content.CopyToAsync(file, cancel);
                file.Flush(flushToDisk: true);
            }

            File.Move(partial, to);
            return to;
        }
        catch
        {
            File.Delete(partial);
            throw;
        }
    });

    public void Dispose() => _http.Dispose();

    private async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        try
        {
            return await ask();
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException or UnauthorizedAccessException or JsonException)
        {
            throw new BackupException($"the server at {server} did not give a backup: {broken.Message}", broken);
        }
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        await MustBeGoodAsync(response, cancel);
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
    }

    private static async Task MustBeGoodAsync(HttpResponseMessage response, CancellationToken cancel)
    {
        if (response.IsSuccessStatusCode)
        {
            return;
        }

        if ((int)response.StatusCode is >= 300 and < 400)
        {
            throw new BackupException($"the server answers {(int)response.StatusCode}");
        }

        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(cancel);
        throw new BackupException(
            problem.TryGetProperty("detail", out var detail) ? $"the server says: {detail.GetString()}" : $"the server answers {(int)response.StatusCode}");
    }
}
