using System.Text.Json;

namespace AllInOne.Server.Hosting;

/// <summary>
/// Where the server of a data directory answers: a file in it, for the commands that speak to the running server. It says nothing
/// about whether a server runs; the directory's claim does.
/// </summary>
internal static class ServerAddress
{
    private const string FileName = "server.json";

    /// <summary>Leaves the addresses; disposing of the answer takes them away.</summary>
    public static IDisposable Leave(string data, IReadOnlyList<string> urls)
    {
        var path = Path.Combine(data, FileName);
        Quietly(() => File.WriteAllBytes(
            path, JsonSerializer.SerializeToUtf8Bytes(new Content(urls), JsonSerializerOptions.Web)));
        return new Trace(path);
    }

    /// <summary>The first address that the server of this directory has left; null when there is none.</summary>
    public static Uri? Find(string data)
    {
        try
        {
            using var stream = File.OpenRead(Path.Combine(data, FileName));
            var content = JsonSerializer.Deserialize<Content>(stream, JsonSerializerOptions.Web);
            return Uri.TryCreate(content?.Urls is [var first, ..] ? first : null, UriKind.Absolute, out var url) ? url : null;
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    // On a full disk the server serves without it.
    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            // Then the commands say that there is no address.
        }
    }

    private sealed record Content(IReadOnlyList<string>? Urls);

    private sealed class Trace(string path) : IDisposable
    {
        public void Dispose() => Quietly(() => File.Delete(path));
    }
}
