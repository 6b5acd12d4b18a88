using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace AllInOne.Server.Tests.Http.Requests;

public sealed class EncodedBodyTests(TestServer server) : IClassFixture<TestServer>
{
    [Theory]
    [InlineData("gzip")]
    [InlineData("GZIP")]
    [InlineData("x-gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("identity")]
    [InlineData(", identity,, gzip")]
    [InlineData("gzip, br")]
    public async Task An_encoded_body_is_stored_decoded(string encoding)
    {
        using var stored = await SendAsync(HttpMethod.Put, "/api/state/encoded", Encode("{\"a\":\"°C\"}"u8.ToArray(), encoding), encoding);

        Assert.True(stored.IsSuccessStatusCode, await stored.Content.ReadAsStringAsync());
        Assert.Equal("{\"a\":\"°C\"}", await server.Client.GetStringAsync("/api/state/encoded"));
    }

    [Theory]
    [InlineData("zstd")]
    [InlineData("compress")]
    [InlineData("nonsense")]
    [InlineData("gzip, nonsense")]
    [InlineData("gzip, gzip, gzip")]
    [InlineData("gzip;q=1")]
    public async Task An_unknown_encoding_is_415_and_stores_nothing(string encoding)
    {
        using var refused = await SendAsync(HttpMethod.Put, "/api/state/unknown", "1"u8.ToArray(), encoding);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, refused.StatusCode);
        Assert.Equal("gzip, deflate, br", string.Join(", ", refused.Headers.GetValues("Accept-Encoding")));
        using var none = await server.Client.GetAsync("/api/state/unknown");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Theory]
    [InlineData("gzip", false)]
    [InlineData("gzip", true)]
    [InlineData("deflate", false)]
    [InlineData("deflate", true)]
    [InlineData("br", false)]
    [InlineData("br", true)]
    public async Task Damaged_or_cut_off_data_is_a_400_that_says_so(string encoding, bool cut)
    {
        var whole = Encode(Encoding.ASCII.GetBytes("[" + string.Join(',', Enumerable.Range(0, 3000).Select(n => n * 7919 % 10007)) + "]"), encoding);
        var broken = cut ? whole[..(whole.Length / 2)] : [.. whole.Select((each, n) => n > whole.Length / 2 ? (byte)(each ^ 0x55) : each)];
        foreach (var (path, type) in new[] { ("/api/state/broken/push", "application/json"), ("/api/collections/broken/import?atomic=true", "application/x-ndjson") })
        {
            using var refused = await SendAsync(HttpMethod.Post, path, broken, encoding, type);

            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
            Assert.Contains($"not right {encoding} data", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_encoded_import_is_decoded_as_it_streams()
    {
        // More than Http:MaxBodyBytes, which does not limit an import.
        var lines = string.Concat(Enumerable.Range(0, 5000).Select(n => $"{{\"id\":\"{n}\",\"a\":\"{Convert.ToHexString(BitConverter.GetBytes(n * 7919L))}{new string('x', 500)}\"}}\n"));

        using var answer = await SendAsync(HttpMethod.Post, "/api/collections/encoded/import", Encode(Encoding.ASCII.GetBytes(lines), "gzip"), "gzip", "application/x-ndjson");

        Assert.Equal(5000, (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("imported").GetInt32());
    }

    [Theory]
    [InlineData("gzip")]
    [InlineData("deflate")]
    [InlineData("br")]
    [InlineData("br, gzip")]
    public async Task A_bomb_is_413_by_its_decoded_bytes(string encoding)
    {
        using var refused = await SendAsync(HttpMethod.Put, "/api/state/bomb", Encode(new byte[64 * 1024 * 1024], encoding), encoding);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains("Http:MaxBodyBytes", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_expands_without_end_is_413()
    {
        var bomb = Encode(new byte[64 * 1024 * 1024], "br");

        using var refused = await SendAsync(HttpMethod.Post, "/api/collections/bomb/import", bomb, "br", "application/x-ndjson");

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, refused.StatusCode);
        Assert.Contains("Http:MaxExpansion", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_import_that_is_cut_off_reports_how_many_documents_it_has_stored()
    {
        var lines = string.Concat(Enumerable.Range(0, 3000).Select(n => $"{{\"id\":\"{n}\",\"a\":\"{Convert.ToHexString(BitConverter.GetBytes(n * 7919L))}\"}}\n"));
        var cut = Encode(Encoding.ASCII.GetBytes(lines), "gzip")[..^12];

        using var refused = await SendAsync(HttpMethod.Post, "/api/collections/cutoff/import", cut, "gzip", "application/x-ndjson");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var stored = (await server.Client.GetFromJsonAsync<JsonElement>("/api/collections/cutoff")).GetProperty("documents").GetInt32();
        Assert.InRange(stored, 1, 3000);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Contains($"Before that, {stored} documents", problem.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gzip, chunked")]
    [InlineData("foo, chunked")]
    [InlineData("gzip\r\nTransfer-Encoding: chunked")]
    public async Task A_transfer_coding_other_than_chunked_is_501_and_stores_nothing(string coding)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /api/state/transfer HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: {coding}\r\n\r\n1\r\n1\r\n0\r\n\r\n"));
        using var reader = new StreamReader(client.GetStream());

        Assert.StartsWith("HTTP/1.1 501", await reader.ReadToEndAsync(), StringComparison.Ordinal);
        using var none = await server.Client.GetAsync("/api/state/transfer");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    private static byte[] Encode(byte[] body, string encodings)
    {
        foreach (var encoding in encodings.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            using var encoded = new MemoryStream();
            using (Stream encoder = encoding.ToLowerInvariant() switch
            {
                "deflate" => new ZLibStream(encoded, CompressionLevel.Optimal, leaveOpen: true),
                "br" => new BrotliStream(encoded, CompressionLevel.Optimal, leaveOpen: true),
                "gzip" or "x-gzip" => new GZipStream(encoded, CompressionLevel.Optimal, leaveOpen: true),
                _ => encoded,
            })
            {
                encoder.Write(body);
            }

            body = encoded.ToArray();
        }

        return body;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, byte[] body, string encoding, string type = "application/json")
    {
        using var request = new HttpRequestMessage(method, path) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        request.Content.Headers.TryAddWithoutValidation("Content-Encoding", encoding);
        return await server.Client.SendAsync(request);
    }
}
