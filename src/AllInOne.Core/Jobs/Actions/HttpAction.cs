using System.Net.Http.Headers;
using System.Text;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>
/// Sends an HTTP request and checks the status of the answer. The end of the answer's body is the output. A body without an end is read up to a
/// limit. A redirect is followed only within the origin: no header and no body of the definition goes to another origin.
/// </summary>
internal sealed class HttpAction : IDisposable
{
    private const int MostRead = 16 * 1024 * 1024;

    private const int MostRedirects = 10;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // The trace of the run is added below.
        ActivityHeadersPropagator = null,
        UseCookies = false,
        // Automatic redirects would send the headers to any origin.
        AllowAutoRedirect = false,
    })
    {
        // The run sets its own timeout.
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    public async Task<RunResult> ActAsync(JobAction.Http action, RunTask task, CancellationToken stop)
    {
        try
        {
            var step = new HttpStep(action.Url, action.Method, true);
            for (var followed = 0; ; followed++)
            {
                using var request = RequestOf(action, task, step);
                using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
                var status = (int)response.StatusCode;
                if (action.Expect.Contains(status) || step.After(response) is not { } next)
                {
                    await ReadAsync(response, task.Output, stop).ConfigureAwait(false);
                    return (action.Expect.Count == 0 ? status is >= 200 and < 300 : action.Expect.Contains(status))
                        ? RunResult.Good
                        : RunResult.Bad($"The answer has status {status}; expected was {(action.Expect.Count == 0 ? "200 to 299" : string.Join(", ", action.Expect))}.");
                }

                if (!next.IsOfSameOrigin(step))
                {
                    return RunResult.Bad(
                        $"The answer has status {status} and redirects to another origin, {next.Origin}. This is not followed, because headers and body of the job "
                        + $"would go there: use a url of that origin, or expect the status {status}.");
                }

                if (followed == MostRedirects)
                {
                    return RunResult.Bad($"The answer redirects again after {MostRedirects} redirects, which is as many as are followed.");
                }

                step = next;
            }
        }
        catch (HttpRequestException broken)
        {
            return RunResult.Bad(broken.InnerException is { } inner ? $"{broken.Message} {inner.Message}" : broken.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage RequestOf(JobAction.Http action, RunTask task, HttpStep step)
    {
        var request = new HttpRequestMessage(new HttpMethod(step.Method), step.Url);
        var isJson = action.Body is null && !task.Parameters.IsEmpty;
        if (step.HasBody && (isJson || action.Body is not null))
        {
            request.Content = new ReadOnlyMemoryContent(action.Body is { } text ? Encoding.UTF8.GetBytes(text) : task.Parameters);
            request.Content.Headers.ContentType = isJson ? new MediaTypeHeaderValue("application/json") : null;
        }

        request.Headers.TryAddWithoutValidation("traceparent", TraceParent.Of(task.Run));
        foreach (var (name, value) in action.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, value) && request.Content is { } content)
            {
                content.Headers.Remove(name);
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return request;
    }

    private static async Task ReadAsync(HttpResponseMessage response, RunOutput output, CancellationToken stop)
    {
        var body = await response.Content.ReadAsStreamAsync(stop).ConfigureAwait(false);
        await using (body.ConfigureAwait(false))
        {
            var buffer = new byte[16 * 1024];
            for (var all = 0; all < MostRead;)
            {
                var count = await body.ReadAsync(buffer, stop).ConfigureAwait(false);
                if (count == 0)
                {
                    return;
                }

                output.Write(buffer.AsSpan(0, count));
                all += count;
            }
        }
    }
}
