using System.Globalization;
using System.Text.Json;

namespace AllInOne.Server.Tests.Live;

/// <summary>Reads a stream of server-sent events as a browser does: it parses blocks of fields and keeps the last id.</summary>
internal sealed class SseClient : IAsyncDisposable
{
    private readonly HttpResponseMessage _response;
    private readonly StreamReader _reader;

    private SseClient(HttpResponseMessage response, Stream body) => (_response, _reader) = (response, new StreamReader(body));

    public HttpResponseMessage Response => _response;

    /// <summary>The value that a browser would send as Last-Event-ID.</summary>
    public string LastId { get; private set; } = "";

    /// <summary>The last received retry delay, in milliseconds.</summary>
    public int Retry { get; private set; }

    public int Heartbeats { get; private set; }

    /// <summary>The last id as a sequence number.</summary>
    public long Cursor => long.Parse(LastId, CultureInfo.InvariantCulture);

    /// <summary>Opens a stream, and reads the first block, which has the cursor of the server.</summary>
    /// <exception cref="HttpRequestException">The server refuses the stream, as it may while it stops.</exception>
    /// <exception cref="IOException">The stream has ended before it began.</exception>
    public static async Task<SseClient> OpenAsync(HttpClient http, string query = "", string? lastId = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/events?{query}");
        request.Headers.Accept.ParseAdd("text/event-stream");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        Assert.Equal(200, (int)response.StatusCode);
        var client = new SseClient(response, await response.Content.ReadAsStreamAsync());
        var block = await client.BlockAsync() ?? throw new IOException("The stream has ended before it began.");
        Assert.Null(block.Data);
        return client;
    }

    /// <summary>Returns the next event; null at the end of the stream.</summary>
    public async Task<SseEvent?> NextAsync()
    {
        while (await BlockAsync().WaitAsync(Until.Limit) is { } block)
        {
            if (block.Data is not null)
            {
                return block;
            }
        }

        return null;
    }

    /// <summary>Waits for a heartbeat.</summary>
    public async Task HeartbeatAsync()
    {
        var before = Heartbeats;
        while (Heartbeats == before)
        {
            Assert.NotNull(await BlockAsync().WaitAsync(Until.Limit));
        }
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<SseEvent?> BlockAsync()
    {
        var name = "message";
        string? data = null;
        while (await _reader.ReadLineAsync() is { } line)
        {
            switch (line.Split(": ", 2))
            {
                case [""]:
                    return new SseEvent(name, LastId, data);
                case [":"]:
                    Heartbeats++;
                    break;
                case ["id", var id]:
                    LastId = id;
                    break;
                case ["retry", var retry]:
                    Retry = int.Parse(retry, CultureInfo.InvariantCulture);
                    break;
                case ["event", var given]:
                    name = given;
                    break;
                case ["data", var text]:
                    data = data is null ? text : $"{data}\n{text}";
                    break;
            }
        }

        return null;
    }
}

internal readonly record struct SseEvent(string Name, string Id, string? Data)
{
    public JsonElement Json => JsonDocument.Parse(Data!).RootElement.Clone();

    public string Topic => Json.GetProperty("topic").GetString()!;

    public int Number => Json.GetProperty("data").GetInt32();
}
