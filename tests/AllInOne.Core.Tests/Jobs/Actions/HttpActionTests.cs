using AllInOne.Core.Jobs;
using AllInOne.Core.Jobs.Actions;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;

namespace AllInOne.Core.Tests.Jobs.Actions;

public sealed class HttpActionTests : IDisposable
{
    private readonly HttpAction _action = new();
    private readonly AnsweringServer _own = new();
    private readonly AnsweringServer _other = new();

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task Nothing_goes_to_another_origin_and_the_run_fails_with_its_name(int status)
    {
        foreach (var target in (string[])[$"http://127.0.0.1:{_other.Port}/collect?token=t", $"//127.0.0.1:{_other.Port}/", $"http://localhost:{_own.Port}/", $"https://127.0.0.1:{_own.Port}/", "ftp://127.0.0.1/"])
        {
            _own.Answer = path => path == "/go" ? (status, target) : (200, null);
            var result = await RunAsync("POST");

            Assert.Equal(RunOutcome.Failed, result.Outcome);
            Assert.Contains(new Uri(_own.Url("/go"), target).GetComponents(UriComponents.SchemeAndServer, UriFormat.UriEscaped), result.Error!, StringComparison.Ordinal);
            Assert.DoesNotContain("token", result.Error!, StringComparison.Ordinal);
        }

        Assert.Empty(_other.Requests);
        Assert.All(_own.Requests, request => Assert.StartsWith("POST /go ", request, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(301, "POST", "GET")]
    [InlineData(302, "POST", "GET")]
    [InlineData(303, "POST", "GET")]
    [InlineData(307, "POST", "POST")]
    [InlineData(308, "POST", "POST")]
    [InlineData(301, "PUT", "PUT")]
    [InlineData(303, "PUT", "GET")]
    [InlineData(303, "HEAD", "HEAD")]
    public async Task Within_the_origin_a_redirect_is_followed_with_headers_and_as_its_status_says(int status, string method, string next)
    {
        _own.Answer = path => path == "/go" ? (status, "there?x=1") : (200, null);
        Assert.Equal(RunResult.Good, await RunAsync(method));

        var request = _own.Requests[^1];
        Assert.StartsWith($"{next} /there?x=1 ", request, StringComparison.Ordinal);
        Assert.Contains("X-Api-Key: k", request, StringComparison.Ordinal);
        Assert.Equal(next == method, request.Contains("Content-Type: text/plain", StringComparison.Ordinal));
        Assert.Equal(next == method, request.EndsWith("the body", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Redirects_that_do_not_end_are_followed_ten_times()
    {
        _own.Answer = _ => (302, "/go");
        var result = await RunAsync("GET");

        Assert.Contains("10 redirects", result.Error!, StringComparison.Ordinal);
        Assert.Equal(11, _own.Requests.Count);
    }

    [Fact]
    public async Task A_redirect_whose_status_is_expected_is_the_answer()
    {
        _own.Answer = _ => (302, _other.Url("/").ToString());
        Assert.Equal(RunResult.Good, await RunAsync("GET", 302));
        Assert.Empty(_other.Requests);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("http://[")]
    public async Task A_redirect_to_no_url_is_judged_by_its_status(string? target)
    {
        _own.Answer = _ => (302, target);
        Assert.Contains("status 302", (await RunAsync("GET")).Error!, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _action.Dispose();
        _own.Dispose();
        _other.Dispose();
    }

    private Task<RunResult> RunAsync(string method, params int[] expect)
    {
        var headers = new Dictionary<string, string> { ["Authorization"] = "Bearer a", ["X-Api-Key"] = "k", ["Content-Type"] = "text/plain" };
        var http = new JobAction.Http(method, _own.Url("/go"), headers, method == "GET" ? null : "the body", expect);
        var now = DateTimeOffset.UnixEpoch;
        var job = new Job(JobId.Parse("ask"), 1, JobDefinition.Of(http), now, now, now, false, false);
        var run = new Run(new RunId(1), job.Id, RunCause.Manual, null, null, now, null, 1, "0af7651916cd43dd8448eb211c80319c", null, null, null, null);
        return _action.ActAsync(http, new RunTask(run, job, default, new RunOutput(1000)), CancellationToken.None);
    }
}
