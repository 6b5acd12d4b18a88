using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AllInOne.Server.Tests.Http;

public sealed class ProblemDocumentTests(PipelineServer server) : IClassFixture<PipelineServer>
{
    [Theory]
    [InlineData("GET", "/api", 404)]
    [InlineData("GET", "/api/nothing", 404)]
    [InlineData("POST", "/API/nothing/at/all", 404)]
    [InlineData("DELETE", "/api/things", 405)]
    [InlineData("POST", "/api/crash", 405)]
    [InlineData("GET", "/api/crash", 500)]
    [InlineData("GET", "/api/busy", 503)]
    [InlineData("GET", "/api/full", 503)]
    [InlineData("GET", "/missing.js", 404)]
    [InlineData("POST", "/", 405)]
    public async Task Every_error_is_a_problem_document_with_a_trace_id(string method, string path, int status)
    {
        using var response = await server.Client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, (int)response.StatusCode);
        var problem = await ReadProblem(response);
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.Equal("about:blank", problem.GetProperty("type").GetString());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        Assert.Equal(32, problem.GetProperty("traceId").GetString()!.Length);
    }

    [Fact]
    public async Task A_wrong_method_names_the_right_ones()
    {
        using var response = await server.Client.DeleteAsync("/api/things");

        Assert.Equal(["GET", "HEAD", "PUT"], response.Content.Headers.Allow.Order());
    }

    [Fact]
    public async Task The_answer_to_a_crash_does_not_name_the_reason_but_its_trace_id_is_in_the_log()
    {
        using var response = await server.Client.GetAsync("/api/crash");

        var text = await response.Content.ReadAsStringAsync();
        Assert.DoesNotContain("secret reason", text, StringComparison.Ordinal);
        Assert.True(response.Headers.Contains("X-Content-Type-Options"));
        var trace = JsonDocument.Parse(text).RootElement.GetProperty("traceId").GetString()!;
        Assert.Contains(server.Log.Lines, line => line.Text.Contains(trace, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_lack_of_memory_has_a_ready_made_answer_which_is_not_compressed_either()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/memory");
        request.Headers.Add("Accept-Encoding", "br, gzip");
        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Null(response.Headers.ETag);
        var problem = await ReadProblem(response);
        Assert.Equal(["type", "title", "status", "detail"], problem.EnumerateObject().Select(member => member.Name));
        Assert.Equal(503, problem.GetProperty("status").GetInt32());
    }

    [Theory]
    [InlineData("/api/busy", 3, "Later.")]
    [InlineData("/api/full", 1, "The queue is full.")]
    [InlineData("/api/memory", 1, "The server has no memory left for this request.")]
    public async Task Unavailable_gives_the_reason_and_the_time_of_the_next_attempt(string path, int seconds, string reason)
    {
        using var response = await server.Client.GetAsync(path);

        Assert.Equal(TimeSpan.FromSeconds(seconds), response.Headers.RetryAfter!.Delta);
        Assert.Equal(reason, (await ReadProblem(response)).GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("""{"a": 1}""", "application/json", 200)]
    [InlineData("""{"a": 1}""", "application/json; charset=utf-8", 200)]
    [InlineData("""{"a": 1}""", "application/json; charset=utf-16", 415)]
    [InlineData("""{"a": 1}""", "text/plain", 415)]
    [InlineData("""{"a": 1}""", null, 415)]
    [InlineData("""{"a": 1""", "application/json", 400)]
    [InlineData("", "application/json", 400)]
    [InlineData("""{"a": 1} 2""", "application/json", 400)]
    [InlineData("""{"a": 1, "a": 2}""", "application/json", 400)]
    [InlineData("""{"a": 1,}""", "application/json", 400)]
    [InlineData("{\"a\": \"\u00ff\"}", "application/json", 400)]
    [InlineData("1", "application/json; charset=\"utf-8\"", 200)]
    [InlineData("1", "application/json; charset=\"UTF\\-8\"", 200)]
    [InlineData("1", "Application/JSON;charset=UTF8", 200)]
    [InlineData("1", "application/json; charset=\"utf8\"; version=1; q=\"a;b\"", 200)]
    [InlineData("1", "application/json; charset=utf-8; charset=utf-16", 415)]
    [InlineData("1", "application/json; charset=", 415)]
    [InlineData("1", "application/json; charset=\"\"", 415)]
    [InlineData("1", "application/json; charset='utf-8'", 415)]
    [InlineData("1", "application/json, application/json", 415)]
    [InlineData("1", "application/json; \"", 415)]
    [InlineData("1", "application/jsonx", 415)]
    [InlineData("\u00ef\u00bb\u00bf{\"a\": 1}", "application/json", 200)]
    [InlineData("\u00ef\u00bb\u00bf\u00ef\u00bb\u00bf1", "application/json", 400)]
    [InlineData("\u00ef\u00bb\u00bf", "application/json", 400)]
    [InlineData("\u00ff\u00fe1\u0000", "application/json", 400)]
    public async Task A_body_is_read_strictly(string body, string? type, int status)
    {
        // Latin-1, so that the last line is no UTF-8.
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await server.Client.PutAsync("/api/things", content);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_413(bool chunked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/things");
        request.Content = JsonContent.Create(new string('a', 4096));
        request.Headers.TransferEncodingChunked = chunked;

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        await ReadProblem(response);
    }

    [Theory]
    [InlineData("Content-Length: 8388608", "")]
    [InlineData("Transfer-Encoding: chunked", "800000\r\n")]
    public async Task A_client_that_sends_all_of_a_body_over_the_limit_before_it_reads_gets_the_413(string length, string firstChunk)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"PUT /api/things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n{length}\r\n\r\n{firstChunk}"));
        var part = new byte[64 * 1024];
        for (var sent = 0; sent < 8 * 1024 * 1024; sent += part.Length)
        {
            await stream.WriteAsync(part);
        }

        using var answer = new StreamReader(stream);
        Assert.Equal("HTTP/1.1 413 Payload Too Large", await answer.ReadLineAsync());
    }

    [Fact]
    public async Task Another_content_type_is_415_that_names_the_right_one()
    {
        using var content = new StringContent("1", Encoding.UTF8, "text/plain");

        using var response = await server.Client.PutAsync("/api/things", content);

        Assert.Equal(["application/json"], response.Headers.GetValues("Accept"));
    }

    [Theory]
    [InlineData("xn--localhost")]
    [InlineData("xn--")]
    [InlineData("xn--a.xn--b:5000")]
    public async Task A_host_that_is_no_punycode_is_403(string host)
    {
        Assert.StartsWith("HTTP/1.1 403", await RawAsync($"GET /api/things HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("80000000")]
    [InlineData("FFFFFFFF")]
    [InlineData("fffffffffffffffffffffff")]
    [InlineData("zz")]
    [InlineData("-1")]
    public async Task A_chunk_size_that_cannot_be_is_400_and_the_connection_is_closed(string size)
    {
        var answer = await RawAsync(
            $"PUT /api/things HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{size}\r\n1");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(server.Log.Lines, line => line.Level >= LogLevel.Error && line.Text.Contains("PUT", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_that_fails_halfway_is_cut_off_and_no_second_answer_follows()
    {
        Assert.Equal("", await RawAsync("GET /api/torn HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    }

    [Theory]
    [InlineData("PUT", "/api/other")]
    [InlineData("GET", "/api/things?")]
    public async Task An_error_does_not_grow_with_the_request(string method, string path)
    {
        var query = string.Concat(Enumerable.Range(0, 13_000).Select(n => $"x{n:x}&"))[..60_000];
        var answer = await RawAsync($"{method} {path}{query} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 40", answer, StringComparison.Ordinal);
        Assert.True(answer.Length < 6000, $"{answer.Length} bytes");
        Assert.DoesNotContain(server.Log.Lines, line => line.Text.Length > 1000);
    }

    private async Task<string> RawAsync(string request)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(server.Client.BaseAddress!.Host, server.Client.BaseAddress.Port);
        await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(request));
        using var answer = new StreamReader(client.GetStream(), Encoding.Latin1);
        try
        {
            return await answer.ReadToEndAsync();
        }
        catch (IOException)
        {
            return "";
        }
    }

    [Fact]
    public async Task Nesting_has_a_limit()
    {
        using var content = new StringContent(new string('[', 100) + new string(']', 100), Encoding.UTF8, "application/json");

        using var response = await server.Client.PutAsync("/api/things", content);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task Head_answers_as_get_without_a_body()
    {
        using var response = await server.Client.SendAsync(new HttpRequestMessage(HttpMethod.Head, "/api/things"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        Assert.Contains("°C", await server.Client.GetStringAsync("/api/things"), StringComparison.Ordinal);
    }

    private static async Task<JsonElement> ReadProblem(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }
}
