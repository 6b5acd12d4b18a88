using System.Text;

namespace AllInOne.Server.Tests.Http;

/// <summary>Requests that a careless or hostile client could send. The same seed gives the same requests.</summary>
internal sealed class HostileRequest(int seed)
{
    private static readonly string[] Names =
    [
        "a", "a", "a", "light.hall", "light.hall", ".", "..", "%2e", "%2E%2E", "%2F", "a%2Fb", "..%2f..", "%00", "%ff", "%C0%80", "%ED%A0%80", "%", "%zz",
        "a%0d%0ab", "-1", "0", "9223372036854775808", "*", "{x}", "%7B%7D", "a%20b", "%C3%A4", "%F0%9F%98%80", "'--", "%22", "a;b", "a=b", "+",
        new string('a', 5000), new string('.', 100), "light.%68all", "sensor.", ".hall", "2026-01-01T00-00-00Z",
    ];

    private static readonly string[] Parameters =
    [
        "limit", "cursor", "prefix", "key", "ttl", "durable", "atomic", "since", "timeout", "topic", "path", "depth", "by", "count", "from", "to", "filter",
        "sort", "fields", "tag", "outcome", "job", "resolution", "area", "domain", "q", "nothing", "", "%00", "%ff", "a%5B%5D",
    ];

    private static readonly string[] Values =
    [
        "", "0", "-1", "1", "99999999999999999999", "1e308", "NaN", "true", "null", "%00", "%ff%fe", "%ED%A0%80", "..", "a", "now", "*", "entities/*", "%",
        "%zz", "a%3D%3D%22x%22", "((((((((((", "a%20%3D%201%20and", "id", "-id", "id,id", "2026-13-01T00:00:00Z", "0001-01-01T00:00:00Z",
        "9999-12-31T23:59:59%2B14:00", "0001-01-01T00:00:00%2B14:00", "eyJ9", "AAAA", new string('9', 400), new string('(', 3000), "%F0%9F%98%80", "/user", "/user/", "/",
    ];

    private static readonly string[] Headers =
    [
        "If-Match: *", "If-Match: \"\"", "If-Match: W/\"1\"", "If-Match: 1", "If-Match: \"99999999999999999999\"", "If-Match: \u00ff", "If-None-Match: *",
        "If-None-Match: \"1\", \"2\",, ", "Range: bytes=0-0", "Range: bytes=-1", "Range: bytes=5-1", "Range: bytes=99999999999999999999-", "Range: junk",
        "Accept: text/event-stream", "Accept: ;;;q=x", "Accept: text/html", "Accept-Encoding: gzip;q=x, *;q=9", "Accept-Encoding: br", "Last-Event-ID: -1",
        "Last-Event-ID: 99999999999999999999", "Origin: null", "Origin: http://localhost", "Origin: http://[", "Origin: xn--localhost", "Content-Encoding: gzip",
        "Content-Encoding: br, gzip, deflate", "Content-Encoding: zstd", "Content-Encoding: , identity,", "Content-Encoding: deflate", "Content-Encoding: br",
        "Content-Type: application/x-ndjson", "Content-Type: application/merge-patch+json", "Content-Type: application/json; charset=utf-7",
        "Content-Type: application/json; charset=\"utf-8\"; charset=x", "Content-Type: ;", "Content-Type: application/json;=;", "traceparent: 00-x", "Expect: 100-continue", "Sec-Fetch-Site: cross-site", "Connection: Upgrade", "Upgrade: websocket",
        "Sec-WebSocket-Key: x", "Sec-WebSocket-Version: 99", "X: " + new string('x', 9000), "Cookie: \u00e9=\u00fc",
    ];

    private static readonly string[] Hosts = ["xn--localhost", "[::1", "xn--", "localhost:99999999", "", "a b", "127.0.0.1.", "xn--a.xn--b"];

    private static readonly string[] Members =
    [
        "id", "version", "created", "updated", "value", "values", "member", "members", "ttl", "by", "initial", "operations", "op", "key", "last", "path", "index",
        "unique", "indexes", "retention", "state", "attributes", "name", "area", "unit", "class", "virtual", "command", "parameters", "schedule", "action", "timeout",
        "retry", "misfire", "overlap", "concurrency", "enabled", "description", "tags", "delay", "token", "kind", "count", "type", "url", "a", "\\u0000", "\\ud800", "",
    ];

    private static readonly string[] Json =
    [
        "null", "true", "5", "-1", "0", "1.5", "1e308", "-1e999", "123456789012345678901234567890", "\"\"", "\"a\"", "\"..\"", "\".\"", "\"\\u0000\"", "\"\\ud800\"",
        "\"\ud83d\ude00\"", "[]", "[[]]", "[null]", "{}", "{\"id\":5}", "{\"a\":null}", "{\"\":{\"\":1}}", "[{\"op\":\"put\",\"key\":\".\",\"value\":1}]",
        "[{\"op\":\"increment\",\"key\":\"a\"}]", "[{\"op\":\"check\",\"key\":\"..\",\"version\":0}]", "[{}]", "[5]", "{\"cron\":\"* * * * *\"}", "{\"every\":\"PT0S\"}",
        "{\"type\":\"none\"}", "{\"type\":\"state\",\"op\":\"put\",\"key\":\"..\"}", "\"put\"", "\"set\"", "\"PT1S\"", "\"P999999999D\"", "\"a.b[0].c\"", "\"2026-02-30T00:00:00Z\"",
    ];

    private readonly Random _random = new(seed);

    public byte[] Next(string method, string pattern)
    {
        var path = string.Join('/', pattern.Split('/').Select(part => part.StartsWith('{') ? Name(pattern) : part));
        var body = method is "GET" or "HEAD" && _random.Next(8) > 0 ? null : Body();
        var head = new StringBuilder($"{method} {path}{Query(pattern)} HTTP/1.1\r\n");
        var headers = Enumerable.Range(0, Few(3)).Select(_ => One(Headers)).ToList();
        headers.AddRange(
            new[] { $"Host: {(_random.Next(20) == 0 ? One(Hosts) : "localhost")}", body is null ? "" : "Content-Type: application/json" }
                .Where(line => line.Length > 0 && !headers.Exists(other => other.Split(':')[0] == line.Split(':')[0])));
        if (!headers.Exists(line => line.StartsWith("Connection", StringComparison.Ordinal)))
        {
            headers.Add("Connection: close");
        }

        var chunked = body is not null && _random.Next(6) == 0;
        headers.AddRange(body is null ? [] : [chunked ? "Transfer-Encoding: chunked" : $"Content-Length: {body.Length}"]);
        head.AppendJoin("\r\n", headers).Append("\r\n\r\n");
        return [.. Encoding.Latin1.GetBytes(head.ToString()), .. chunked ? Chunks(body!) : body ?? []];
    }

    private byte[] Chunks(byte[] body) => _random.Next(3) > 0
        ? [.. Encoding.ASCII.GetBytes($"{body.Length:x}\r\n"), .. body, .. body.Length == 0 ? "\r\n"u8 : "\r\n0\r\n\r\n"u8]
        : Encoding.ASCII.GetBytes(One(["80000000\r\n", "ffffffff\r\n", "FFFFFFFFFFFFFFFFFFFF\r\n", "-1\r\n", "zz\r\n", "1;x=y\r\n{x\r\n"]));

    private string Query(string pattern)
    {
        // Without this, a valid poll would wait.
        var fixedPart = pattern.EndsWith("/events", StringComparison.Ordinal) ? "?timeout=0" : "?seconds=0";
        var pairs = Enumerable.Range(0, Few(3)).Select(_ => One(Parameters) + (_random.Next(8) == 0 ? "" : "=" + One(Values)));
        var query = string.Join('&', pairs);
        return pattern.EndsWith("/events", StringComparison.Ordinal) || pattern.EndsWith("/top", StringComparison.Ordinal) || pattern.EndsWith("/trace", StringComparison.Ordinal)
            ? $"{fixedPart}&{query}"
            : query.Length > 0 ? $"?{query}" : One(["", "", "", "", "", "", "?", "?&&", "?=", "?" + string.Concat(Enumerable.Repeat("x&", 2000))]);
    }

    private byte[] Body() => _random.Next(20) switch
    {
        0 => Encoding.UTF8.GetBytes(One(Json)),
        1 => Encoding.UTF8.GetBytes(new string('[', 2000) + new string(']', 2000)),
        2 => [.. "{\"a\":\""u8, (byte)_random.Next(128, 256), .. "\"}"u8],
        3 => [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(Object())],
        4 => [0xFF, 0xFE, (byte)'{', 0, (byte)'}', 0],
        5 => Encoding.UTF8.GetBytes($"{Object()}\n{One(Json)}\r\n\n{{\"id\":\"a\"}}\n{Object()[..^1]}"),
        6 => Encoding.UTF8.GetBytes(One(["", "{", "{\"a\":1,\"a\":2}", "{\"a\":1}x", "\0", "{\"a\\u0000\":1}", "{\"id\":\"a\",\"id\":\"b\"}", "// x", "NaN"])),
        _ => Encoding.UTF8.GetBytes(Object()),
    };

    private string Object() => "{" + string.Join(',', Enumerable.Range(0, _random.Next(5)).Select(_ => One(Members)).Distinct().Select(name => $"\"{name}\":{One(Json)}")) + "}";

    private string Name(string pattern) =>
        _random.Next(3) == 0 ? One(Names) : pattern.Contains("/entities/", StringComparison.Ordinal) ? "light.hall" : "a";

    private int Few(int most) => Math.Max(0, _random.Next(-2, most));

    private string One(string[] all) => all[_random.Next(all.Length)];
}
