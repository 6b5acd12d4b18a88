using System.Text.Json;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The address file in a data directory, for commands that call the running server. It does not show whether a server runs; the claim of the
/// directory does.
/// </summary>
internal static class ServerAddress
{
    private const string FileName = "server.json";

    /// <summary>Writes the addresses; the disposal of the returned object deletes them.</summary>
    public static IDisposable Write(string data, IReadOnlyList<string> urls)
    {
        var path = Path.Combine(data, FileName);
        Quietly(() => File.WriteAllBytes(
            path, JsonSerializer.SerializeToUtf8Bytes(new Content(urls), JsonSerializerOptions.Web)));
        return new Trace(path);
    }

    /// <summary>The first address in the file; null if there is no file.</summary>
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

    // If the disk is full, the server runs without this file.
    private static void Quietly(Action action)
    {
        try
        {
            action();
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException)
        {
            // The commands report then that there is no address.
        }
    }

    private sealed record Content(IReadOnlyList<string>? Urls);

    private sealed class Trace(string path) : IDisposable
    {
        public void Dispose() => Quietly(() => File.Delete(path));
    }
}
