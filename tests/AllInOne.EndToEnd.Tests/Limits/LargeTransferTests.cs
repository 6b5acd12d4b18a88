using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using AllInOne.EndToEnd.Tests.Running;
using AllInOne.TestKit;

namespace AllInOne.EndToEnd.Tests.Limits;

/// <summary>A gigabyte is imported and exported, and the server never holds more than a small part of it.</summary>
public sealed class LargeTransferTests : IDisposable
{
    private const int Documents = 1_000_000;
    private const int DocumentBytes = 1_024;

    /// <summary>The limit for the growth of the process: buffers, SQLite's caches, and the events of the documents in the ring.</summary>
    private const long MostGrowth = 400L * 1024 * 1024;

    private readonly TemporaryDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    [Trait("Category", "Long")]
    public async Task A_gigabyte_is_imported_and_exported_in_constant_memory()
    {
        await using var server = await ServerProcess.StartAsync(_data.Path);
        using var http = new HttpClient { BaseAddress = server.Url, Timeout = TimeSpan.FromMinutes(10) };
        var before = PeakMemory(server.Id);

        using var lines = new Lines();
        using var imported = await http.PostAsync(new Uri("/api/collections/large/import", UriKind.Relative), lines);
        Assert.Equal(HttpStatusCode.OK, imported.StatusCode);
        var answer = JsonDocument.Parse(await imported.Content.ReadAsStringAsync()).RootElement;
        Assert.Equal(Documents, answer.GetProperty("imported").GetInt32());

        using var exported = await http.GetAsync(
            new Uri("/api/collections/large/export", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
        var (count, bytes) = await CountAsync(await exported.Content.ReadAsStreamAsync());
        Assert.Equal(Documents, count);
        Assert.True(bytes >= (long)Documents * DocumentBytes, $"only {bytes} bytes came back");

        var growth = PeakMemory(server.Id) - before;
        Assert.True(growth < MostGrowth, $"the process grew by {growth / 1024 / 1024} MiB");
    }

    private static async Task<(int Lines, long Bytes)> CountAsync(Stream stream)
    {
        var buffer = new byte[256 * 1024];
        var (lines, bytes) = (0, 0L);
        for (int read; (read = await stream.ReadAsync(buffer)) > 0; bytes += read)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        return (lines, bytes);
    }

    /// <summary>The maximum resident memory of the process since its start.</summary>
    private static long PeakMemory(int process)
    {
        var line = File.ReadLines($"/proc/{process}/status").First(each => each.StartsWith("VmHWM:", StringComparison.Ordinal));
        return long.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) * 1024;
    }

    /// <summary>A body that is generated while it is sent.</summary>
    private sealed class Lines : HttpContent
    {
        public Lines() => Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var text = new string('x', DocumentBytes - 40);
            for (var n = 0; n < Documents; n++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes($$"""{"id":"d{{n:00000000}}","n":{{n}},"text":"{{text}}"}""" + "\n"));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
