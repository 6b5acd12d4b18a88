using System.Text.Json;
using AllInOne.Core.Inspection;
using AllInOne.Server.Tests.Endpoints.Actors;

namespace AllInOne.Server.Tests.Endpoints;

/// <summary>The two answers that take some time, a window and a trace, over an invented tree.</summary>
public sealed class LiveInsightTests : IAsyncLifetime
{
    private static readonly TimeSpan Limit = Until.Limit;

    private readonly ScriptedInspection _tree = new();

    public Task InitializeAsync() => _tree.InitializeAsync();

    public Task DisposeAsync() => _tree.DisposeAsync();

    [Fact]
    public async Task A_window_ends_when_the_web_host_stops()
    {
        var top = _tree.Client.GetAsync("/system/actors/top?seconds=10");
        await _tree.Looked.Task.WaitAsync(Limit);

        await _tree.StopAsync().WaitAsync(Limit);

        using var response = await top.WaitAsync(Limit);
        Assert.Equal(503, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_traced_message_is_sent_at_once_as_one_event()
    {
        using var response = await OpenAsync("/user/one&every=7");
        using var events = new StreamReader(await response.Content.ReadAsStreamAsync());
        var time = new DateTimeOffset(2026, 1, 31, 12, 0, 0, TimeSpan.FromHours(1));

        _tree.Messages.Writer.TryWrite(new TracedMessage(time, "Sum", "Sum {\n N = -1 }", "/user/x", "inHand", 12.5, 3, null, 4));

        var line = await events.ReadLineAsync();
        Assert.StartsWith("data: {", line, StringComparison.Ordinal);
        Assert.Equal("", await events.ReadLineAsync());
        var message = JsonDocument.Parse(line![6..]).RootElement;
        Assert.Equal(
            ["time", "type", "text", "sender", "outcome", "ms", "mailbox", "error", "skipped"],
            message.EnumerateObject().Select(member => member.Name));
        Assert.Equal("2026-01-31T11:00:00Z", message.GetProperty("time").GetString());
        Assert.Equal("Sum {\n N = -1 }", message.GetProperty("text").GetString());
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        Assert.Equal(7, _tree.Every);
    }

    [Fact]
    public async Task A_trace_ends_with_its_time()
    {
        using var response = await OpenAsync("/user/one&seconds=0.2");

        Assert.Empty(await response.Content.ReadAsStringAsync().WaitAsync(Limit));
        await _tree.Left.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_trace_ends_with_its_actor()
    {
        using var response = await OpenAsync("/user/one&seconds=10");

        _tree.Messages.Writer.Complete();

        Assert.Empty(await response.Content.ReadAsStringAsync().WaitAsync(Limit));
    }

    [Fact]
    public async Task A_trace_ends_when_its_reader_disconnects()
    {
        var response = await OpenAsync("/user/one&seconds=10");
        await _tree.Looked.Task.WaitAsync(Limit);

        response.Dispose();

        await _tree.Left.Task.WaitAsync(Limit);
    }

    [Fact]
    public async Task A_trace_ends_when_the_web_host_stops()
    {
        using var response = await OpenAsync("/user/one&seconds=10");
        await _tree.Looked.Task.WaitAsync(Limit);

        await _tree.StopAsync().WaitAsync(Limit);

        Assert.Empty(await response.Content.ReadAsStringAsync().WaitAsync(Limit));
    }

    [Theory]
    [InlineData("/user/nobody", 404)]
    [InlineData("/user/mute", 501)]
    public async Task An_actor_that_cannot_be_traced_is_a_problem(string path, int status)
    {
        using var response = await OpenAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private Task<HttpResponseMessage> OpenAsync(string query) => _tree.Client.GetAsync(
        new Uri($"/system/actors/trace?path={query}", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);
}
