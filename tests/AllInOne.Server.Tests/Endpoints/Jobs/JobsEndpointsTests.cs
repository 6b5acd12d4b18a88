using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Definitions;

namespace AllInOne.Server.Tests.Endpoints.Jobs;

public sealed class JobsEndpointsTests(TestServer server) : IClassFixture<TestServer>
{
    [Fact]
    public async Task A_job_is_put_read_and_deleted_with_its_version_as_the_tag()
    {
        const string Body = """
            {"schedule": {"cron": "30 6 * * 1-5", "timeZone": "Europe/Zagreb"}, "action": {"type": "http", "method": "POST", "url": "http://127.0.0.1:1/x",
             "headers": {"Accept": "text/plain"}, "body": "b", "expect": [200, 204]}, "timeout": "PT5M", "retry": {"attempts": 3, "backoff": "PT1M"},
             "misfire": "runAll", "overlap": "queue", "concurrency": 4, "enabled": true, "description": "d", "tags": ["night"]}
            """;
        using var created = await server.SendAsync("PUT", "/api/jobs/report", Body);
        using var changed = await server.SendAsync("PUT", "/api/jobs/report", Body);
        using var read = await server.SendAsync("GET", "/api/jobs/report");

        Assert.Equal((HttpStatusCode.Created, HttpStatusCode.OK), (created.StatusCode, changed.StatusCode));
        Assert.Equal("/api/jobs/report", created.Headers.Location!.OriginalString);
        Assert.NotEqual(created.Headers.ETag, changed.Headers.ETag);
        Assert.Equal(changed.Headers.ETag, read.Headers.ETag);
        var job = await JsonOf(read);
        using var sent = JsonDocument.Parse(Body);
        foreach (var member in sent.RootElement.EnumerateObject())
        {
            Assert.True(JsonElement.DeepEquals(member.Value, job.GetProperty(member.Name)), $"{member.Name}: {job.GetProperty(member.Name)}");
        }

        Assert.Equal(3, (await server.GetJsonAsync("/api/jobs/report/next?count=3")).GetProperty("items").GetArrayLength());
        using var late = new HttpRequestMessage(HttpMethod.Delete, "/api/jobs/report") { Headers = { { "If-Match", created.Headers.ETag!.Tag } } };
        using var refused = await server.Client.SendAsync(late);
        Assert.Equal(HttpStatusCode.PreconditionFailed, refused.StatusCode);
        using var deleted = await server.SendAsync("DELETE", "/api/jobs/report");
        using var gone = await server.SendAsync("GET", "/api/jobs/report");
        Assert.Equal((HttpStatusCode.NoContent, HttpStatusCode.NotFound), (deleted.StatusCode, gone.StatusCode));
    }

    [Theory]
    [InlineData("{}", "action")]
    [InlineData("""{"action": {"type": "none"}, "schedule": {"cron": "* * *"}}""", "schedule.cron")]
    [InlineData("""{"action": {"type": "none"}, "schedule": {"cron": "99 * * * *"}}""", "schedule.cron")]
    [InlineData("""{"action": {"type": "none"}, "schedule": {"cron": "* * * * *", "timeZone": "Mars"}}""", "schedule.timeZone")]
    [InlineData("""{"action": {"type": "none"}, "schedule": {"cron": "0 0 30 2 *"}}""", "schedule.cron")]
    [InlineData("""{"action": {"type": "none"}, "schedule": {"cron": "0 0 0 1 1 ? 2020"}}""", "schedule.cron")]
    [InlineData("""{"action": {"type": "none"}, "schedule": {"cron": "0 0 0 29 2 ? 2027"}}""", "schedule.cron")]
    [InlineData("""{"action": {"type": "none"}, "schedule": {"every": "P1M"}}""", "schedule.every")]
    [InlineData("""{"action": {"type": "none"}, "schedule": {"every": "PT1M", "at": "2026-03-01T12:00:00Z"}}""", "schedule")]
    [InlineData("""{"action": {"type": "none"}, "schedule": {"at": "2026-03-01T12:00:00"}}""", "schedule.at")]
    [InlineData("""{"action": {"type": "http", "url": "file:///etc/passwd"}}""", "action.url")]
    [InlineData("""{"action": {"type": "http", "url": "http://ann:secret@a/"}}""", "action.url")]
    [InlineData("""{"action": {"type": "http", "url": "http://a/", "headers": {"X-Token": "********"}}}""", "action.headers")]
    [InlineData("""{"action": {"type": "http", "url": "http://a/", "headers": {"X": "a\r\nb"}}}""", "action.headers")]
    [InlineData("""{"action": {"type": "command", "args": ["x"]}}""", "action.file")]
    [InlineData("""{"action": {"type": "command", "file": "true", "env": {"A\u0000B": "1"}}}""", "action.env")]
    [InlineData("""{"action": {"type": "state", "op": "put", "key": "a b"}}""", "action.key")]
    [InlineData("""{"action": {"type": "state", "op": "increment", "key": "a", "by": 0.12345678901234567890123456789012}}""", "action.by")]
    [InlineData("""{"action": {"type": "state", "op": "increment", "key": "a", "by": 1e-40}}""", "action.by")]
    [InlineData("""{"action": {"type": "entity", "id": "hall", "command": "turn_on"}}""", "action.id")]
    [InlineData("""{"action": {"type": "entity", "id": "light.hall"}}""", "action.command")]
    [InlineData("""{"action": {"type": "entity", "id": "light.hall", "command": ""}}""", "action.command")]
    [InlineData("""{"action": {"type": "entity", "id": "light.hall", "command": "turn_on", "parameters": [1]}}""", "action.parameters")]
    [InlineData("""{"action": {"type": "none", "x": 1}}""", "action.x")]
    [InlineData("""{"action": {"type": "none"}, "retry": {"attempts": 0}}""", "retry.attempts")]
    [InlineData("""{"action": {"type": "none"}, "misfire": "later"}""", "misfire")]
    [InlineData("""{"action": {"type": "none"}, "scedule": null}""", "scedule")]
    [InlineData("[]", "body")]
    public async Task A_fault_is_named_and_nothing_is_stored(string body, string member)
    {
        using var refused = await server.SendAsync("PUT", "/api/jobs/wrong", body);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Equal(member == "body" ? ["action", member] : [member], (await JsonOf(refused)).GetProperty("errors").EnumerateObject().Select(error => error.Name));
        using var none = await server.SendAsync("GET", "/api/jobs/wrong");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
    }

    [Theory]
    [InlineData("""{"cron": "*/60 * * * *"}""", "'*/60'")]
    [InlineData("""{"at": "2020-01-01T00:00:00Z"}""", "schedule.at")]
    [InlineData("""{"cron": "*/30 * * * *"}""", null)]
    public async Task A_surprising_meaning_is_a_note_of_the_job_which_can_be_put_back(string schedule, string? note)
    {
        await PutAsync("noted", $$$"""{"action": {"type": "none"}, "schedule": {{{schedule}}}}""");
        var shown = await server.GetJsonAsync("/api/jobs/noted");
        Assert.Equal(note is not null, shown.TryGetProperty("notes", out var notes));
        if (note is not null)
        {
            Assert.Contains(note, Assert.Single(notes.EnumerateArray()).GetString(), StringComparison.Ordinal);
        }

        using var back = await server.SendAsync("PUT", "/api/jobs/noted", shown.GetRawText());
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
    }

    [Theory]
    [InlineData("Europe/Dublin")]
    [InlineData("Africa/Casablanca")]
    public async Task The_next_times_of_a_job_rise_and_each_is_listed_once(string zone)
    {
        await PutAsync("rising", $$$"""{"action": {"type": "none"}, "schedule": {"cron": "30 1,2 * * *", "timeZone": "{{{zone}}}"}}""");
        var times = (await server.GetJsonAsync("/api/jobs/rising/next?count=1000")).GetProperty("items").EnumerateArray().Select(time => time.GetDateTimeOffset()).ToList();
        Assert.Equal(1000, times.Count);
        Assert.Equal(times.Distinct().Order(), times);
    }

    [Fact]
    public async Task A_possible_secret_is_never_shown_and_stays_when_the_job_is_put_back_as_it_was_read()
    {
        var own = server.Client.BaseAddress!;
        await PutAsync("secretive", $$$$"""{"action": {"type": "http", "url": "{{{{own}}}}api/sum", "headers": {"Authorization": "Bearer kept-secret", "Accept": "text/plain"}}}""");
        await PutAsync("environment", """{"action": {"type": "command", "file": "true", "env": {"PASSWORD": "kept-secret", "LANG": "C"}}}""");
        var before = server.Tree.Events.Head;
        var read = await server.Client.GetStringAsync(new Uri("/api/jobs/secretive", UriKind.Relative));
        Assert.DoesNotContain("kept-secret", read, StringComparison.Ordinal);
        Assert.DoesNotContain("kept-secret", await server.Client.GetStringAsync(new Uri("/api/jobs", UriKind.Relative)), StringComparison.Ordinal);
        using (var json = JsonDocument.Parse(read))
        {
            var headers = json.RootElement.GetProperty("action").GetProperty("headers");
            Assert.Equal(("********", "text/plain"), (Text(headers, "Authorization"), Text(headers, "Accept")));
        }

        // The job is put as it was read, with all members that the server has added.
        using var back = await server.SendAsync("PUT", "/api/jobs/secretive", read.Replace("\"description\":null", "\"description\":\"d\"", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, back.StatusCode);
        Assert.Equal("Bearer kept-secret", Assert.IsType<JobAction.Http>(server.Tree.Jobs.Definitions.Find(JobId.Parse("secretive"))!.Definition.Action).Headers["Authorization"]);
        Assert.Equal("d", server.Tree.Jobs.Definitions.Find(JobId.Parse("secretive"))!.Definition.Description);
        var program = await server.Client.GetStringAsync(new Uri("/api/jobs/environment", UriKind.Relative));
        Assert.DoesNotContain("kept-secret", program, StringComparison.Ordinal);
        await PutAsync("environment", program);
        Assert.Equal("kept-secret", Assert.IsType<JobAction.Command>(server.Tree.Jobs.Definitions.Find(JobId.Parse("environment"))!.Definition.Action).Env["PASSWORD"]);

        // A client that does not know the secret cannot send it to another server or give it to another job.
        using var elsewhere = await server.SendAsync("PUT", "/api/jobs/secretive", read.Replace(own.Authority, "example.org", StringComparison.Ordinal));
        using var copy = await server.SendAsync("PUT", "/api/jobs/copy", read);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, HttpStatusCode.UnprocessableEntity), (elsewhere.StatusCode, copy.StatusCode));
        Assert.Contains("Authorization", await elsewhere.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var events = await server.Client.GetStringAsync(new Uri($"/api/events?since={before}&topic=jobs/*&timeout=0", UriKind.Relative));
        Assert.Contains("secretive", events, StringComparison.Ordinal);
        Assert.DoesNotContain("kept-secret", events, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_requested_run_performs_the_action_and_its_record_is_found()
    {
        await PutAsync("count", """{"action": {"type": "state", "op": "increment", "key": "job:count", "by": 2.5}}""");
        using var begun = await server.SendAsync("POST", "/api/jobs/count/run");
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        var run = await EndedAsync(begun.Headers.Location!.OriginalString);

        Assert.Equal(("succeeded", "manual", "2.5"), (Text(run, "outcome"), Text(run, "cause"), Text(run, "output")));
        Assert.Equal("2.5", await server.Client.GetStringAsync(new Uri("/api/state/job:count", UriKind.Relative)));
        Assert.Single((await server.GetJsonAsync("/api/jobs/count/runs?outcome=succeeded&from=2026-01-01T00:00:00Z")).GetProperty("items").EnumerateArray());
        Assert.Empty((await server.GetJsonAsync("/api/runs?job=count&outcome=failed")).GetProperty("items").EnumerateArray());
        using var none = await server.SendAsync("GET", "/api/jobs/count/runs?outcome=good");
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
        using var over = await server.SendAsync("POST", $"{begun.Headers.Location!.OriginalString}/cancel");
        Assert.Equal(HttpStatusCode.Conflict, over.StatusCode);
    }

    [Fact]
    public async Task A_command_to_an_entity_goes_by_the_path_of_the_resource()
    {
        using var there = await server.SendAsync("PUT", "/api/entities/input_number.target", """{"state": 19}""");
        await PutAsync("warm", """{"action": {"type": "entity", "id": "input_number.target", "command": "set", "parameters": {"state": 21.5}}}""");
        await PutAsync("nowhere", """{"action": {"type": "entity", "id": "light.nobody", "command": "turn_on"}}""");

        Assert.Equal("succeeded", Text(await RunAsync("warm"), "outcome"));
        Assert.Equal(21.5, (await server.GetJsonAsync("/api/entities/input_number.target")).GetProperty("state").GetDouble());
        var failed = await RunAsync("nowhere");
        Assert.Equal(("failed", "There is no entity light.nobody."), (Text(failed, "outcome"), Text(failed, "error")));
        var shown = (await server.GetJsonAsync("/api/jobs/warm")).GetProperty("action");
        Assert.Equal("""{"type":"entity","id":"input_number.target","command":"set","parameters":{"state":21.5}}""", shown.GetRawText());
    }

    [Fact]
    public async Task A_request_succeeds_by_its_status_and_carries_the_trace_of_its_run()
    {
        var own = server.Client.BaseAddress!;
        await PutAsync("ask", $$$"""{"action": {"type": "http", "url": "{{{own}}}healthz"}}""");
        await PutAsync("miss", $$$"""{"action": {"type": "http", "url": "{{{own}}}api/entities/sensor.none"}}""");
        await PutAsync("expected", $$$"""{"action": {"type": "http", "url": "{{{own}}}api/entities/sensor.none", "expect": 404}}""");
        await PutAsync("nobody", """{"action": {"type": "http", "url": "http://127.0.0.1:1/"}}""");

        Assert.Equal("succeeded", Text(await RunAsync("ask"), "outcome"));
        var missed = await RunAsync("miss");
        Assert.Equal("failed", Text(missed, "outcome"));
        Assert.Contains("404", Text(missed, "error"), StringComparison.Ordinal);
        Assert.Contains(Text(missed, "trace")!, Text(missed, "output"), StringComparison.Ordinal);
        Assert.Equal("succeeded", Text(await RunAsync("expected"), "outcome"));
        Assert.Equal("failed", Text(await RunAsync("nobody"), "outcome"));
    }

    [Fact]
    public async Task Built_in_jobs_exist_and_can_be_paused_but_not_changed()
    {
        var retention = await RunAsync("run-retention");
        Assert.Equal("succeeded", Text(retention, "outcome"));
        Assert.Equal("succeeded", Text(await RunAsync("history-retention"), "outcome"));
        using var put = await server.SendAsync("PUT", "/api/jobs/run-retention", """{"action": {"type": "none"}}""");
        using var deleted = await server.SendAsync("DELETE", "/api/jobs/run-retention");
        Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Conflict), (put.StatusCode, deleted.StatusCode));
        using var paused = await server.SendAsync("POST", "/api/jobs/run-retention/pause");
        Assert.True((await JsonOf(paused)).GetProperty("paused").GetBoolean());
        using var resumed = await server.SendAsync("POST", "/api/jobs/run-retention/resume");
        Assert.False((await JsonOf(resumed)).GetProperty("paused").GetBoolean());
    }

    [Fact]
    public async Task Jobs_are_listed_by_tag_and_page_and_paused_by_tag()
    {
        foreach (var n in Enumerable.Range(0, 3))
        {
            await PutAsync($"tagged-{n}", """{"action": {"type": "none"}, "schedule": {"cron": "0 0 * * *"}, "tags": ["listed"]}""");
        }

        var page = await server.GetJsonAsync("/api/jobs?tag=listed&limit=2");
        var rest = await server.GetJsonAsync($"/api/jobs?tag=listed&limit=2&cursor={Text(page, "next")}");
        Assert.Equal(["tagged-0", "tagged-1", "tagged-2"], page.GetProperty("items").EnumerateArray().Concat(rest.GetProperty("items").EnumerateArray()).Select(job => Text(job, "id")));
        using var paused = await server.SendAsync("POST", "/api/jobs/pause?tag=listed");
        Assert.Equal(3, (await JsonOf(paused)).GetProperty("changed").GetInt32());
        Assert.Empty((await server.GetJsonAsync("/api/jobs/tagged-1/next")).GetProperty("items").EnumerateArray());
        using var resumed = await server.SendAsync("POST", "/api/jobs/resume?tag=listed");
        Assert.Equal(3, (await JsonOf(resumed)).GetProperty("changed").GetInt32());
    }

    [Fact]
    public async Task Enqueued_items_are_done_and_a_failed_item_is_dead_until_it_is_retried_or_discarded()
    {
        await PutAsync("push", """{"action": {"type": "state", "op": "push", "key": "job:pushed"}}""");
        using var first = await server.SendAsync("POST", "/api/jobs/push/enqueue", """{"parameters": {"n": 1}, "key": "one", "delay": 3600}""");
        using var twice = await server.SendAsync("POST", "/api/jobs/push/enqueue", """{"parameters": {"n": 2}, "key": "one"}""");
        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.OK), (first.StatusCode, twice.StatusCode));
        Assert.Equal((await JsonOf(first)).GetProperty("id").GetInt64(), (await JsonOf(twice)).GetProperty("id").GetInt64());
        foreach (var body in (string[])["""{"key": ""}""", """{"key": "a\u0000b"}""", """{"delay": -1}"""])
        {
            using var refused = await server.SendAsync("POST", "/api/jobs/push/enqueue", body);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        }

        using var second = await server.SendAsync("POST", "/api/jobs/push/enqueue", """{"parameters": [3]}""");
        using var empty = await server.SendAsync("POST", "/api/jobs/push/enqueue");
        Assert.Equal(HttpStatusCode.Accepted, empty.StatusCode);

        var dead = await UntilAsync("/api/jobs/push/dead", page => page.GetProperty("items").GetArrayLength() == 1);
        Assert.Contains("no value", Text(dead.GetProperty("items")[0], "error"), StringComparison.Ordinal);
        await UntilAsync("/api/jobs/push", job => job.GetProperty("queued").GetInt32() == 1);
        Assert.Equal("[[3]]", await server.Client.GetStringAsync(new Uri("/api/state/job:pushed", UriKind.Relative)));
        var waiting = Assert.Single((await server.GetJsonAsync("/api/jobs/push/queue")).GetProperty("items").EnumerateArray());
        Assert.Equal("one", Text(waiting, "key"));

        var id = dead.GetProperty("items")[0].GetProperty("id").GetInt64();
        using var retried = await server.SendAsync("POST", $"/api/jobs/push/dead/{id}/retry");
        Assert.Equal(HttpStatusCode.Accepted, retried.StatusCode);
        await UntilAsync("/api/jobs/push/runs?outcome=failed", page => page.GetProperty("items").GetArrayLength() == 2);
        await UntilAsync("/api/jobs/push", job => job.GetProperty("dead").GetInt32() == 1);
        using var discarded = await server.SendAsync("DELETE", "/api/jobs/push/dead");
        Assert.Equal(1, (await JsonOf(discarded)).GetProperty("count").GetInt32());
        using var none = await server.SendAsync("DELETE", $"/api/jobs/push/dead/{id}");
        Assert.Equal(HttpStatusCode.NotFound, none.StatusCode);
        Assert.Equal(0, (await server.GetJsonAsync("/api/jobs/push")).GetProperty("dead").GetInt32());
    }

    [Fact]
    public async Task Programs_are_off_unless_the_configuration_says_so()
    {
        await PutAsync("program", """{"action": {"type": "command", "file": "true"}}""");
        var run = await RunAsync("program");
        Assert.Equal("failed", Text(run, "outcome"));
        Assert.Contains("Jobs:Commands:Enabled", Text(run, "error"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_job_or_run_is_404_and_an_invalid_id_or_parameter_is_400()
    {
        foreach (var (method, path, status) in new[]
        {
            ("GET", "/api/jobs/none-such", 404), ("POST", "/api/jobs/none-such/run", 404), ("POST", "/api/jobs/none-such/enqueue", 404),
            ("POST", "/api/jobs/none-such/pause", 404), ("GET", "/api/jobs/none-such/next", 404), ("GET", "/api/jobs/none-such/runs/7", 404),
            ("POST", "/api/jobs/none-such/runs/x/cancel", 404), ("GET", "/api/jobs/-x", 400), ("GET", "/api/jobs?tags=a", 400), ("DELETE", "/api/jobs/none-such/dead/1", 404),
        })
        {
            using var response = await server.SendAsync(method, path);
            Assert.Equal((path, status), (path, (int)response.StatusCode));
        }
    }

    [Fact]
    public async Task The_metrics_count_runs()
    {
        await PutAsync("counted", """{"action": {"type": "none"}}""");
        await RunAsync("counted");
        var text = await server.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        Assert.Contains("allinone_jobs_runs_total{outcome=\"succeeded\"}", text, StringComparison.Ordinal);
    }

    private static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    private static async Task<JsonElement> JsonOf(HttpResponseMessage response) => await response.Content.ReadFromJsonAsync<JsonElement>();

    private async Task PutAsync(string id, string body)
    {
        using var response = await server.SendAsync("PUT", $"/api/jobs/{id}", body);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private async Task<JsonElement> RunAsync(string id)
    {
        using var begun = await server.SendAsync("POST", $"/api/jobs/{id}/run");
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        return await EndedAsync(begun.Headers.Location!.OriginalString);
    }

    private Task<JsonElement> EndedAsync(string path) => UntilAsync(path, run => Text(run, "outcome") is not null);

    private async Task<JsonElement> UntilAsync(string path, Func<JsonElement, bool> isSo)
    {
        var json = await server.GetJsonAsync(path);
        await Until.TrueAsync(() => isSo(json = server.GetJsonAsync(path).GetAwaiter().GetResult()), () => $"{path}: {json}");
        return json;
    }
}
