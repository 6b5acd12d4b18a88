using System.Net.Http.Headers;
using System.Text;
using AllInOne.Core.Jobs.Definitions;
using AllInOne.Core.Jobs.Running;

namespace AllInOne.Core.Jobs.Actions;

/// <summary>
/// Sends a request and judges the status of the answer; the end of its body is the output. A body that does not end is read up to a bound, and
/// then left.
/// </summary>
internal sealed class HttpAction : IDisposable
{
    private const int MostRead = 16 * 1024 * 1024;

    private readonly HttpClient _http = new(new SocketsHttpHandler
    {
        ConnectTimeout = TimeSpan.FromSeconds(15),
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        // A run's own trace goes along, below.
        ActivityHeadersPropagator = null,
        UseCookies = false,
    })
    {
        // The run has its own.
        Timeout = System.Threading.Timeout.InfiniteTimeSpan,
    };

    public async Task<RunResult> ActAsync(JobAction.Http action, RunTask task, CancellationToken stop)
    {
        using var request = RequestOf(action, task);
        try
        {
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
            await ReadAsync(response, task.Output, stop).ConfigureAwait(false);
            var status = (int)response.StatusCode;
            return (action.Expect.Count == 0 ? status is >= 200 and < 300 : action.Expect.Contains(status))
                ? RunResult.Good
                : RunResult.Bad($"The answer has status {status}; expected was {(action.Expect.Count == 0 ? "200 to 299" : string.Join(", ", action.Expect))}.");
        }
        catch (HttpRequestException broken)
        {
            return RunResult.Bad(broken.InnerException is { } inner ? $"{broken.Message} {inner.Message}" : broken.Message);
        }
    }

    public void Dispose() => _http.Dispose();

    private static HttpRequestMessage RequestOf(JobAction.Http action, RunTask task)
    {
        var request = new HttpRequestMessage(new HttpMethod(action.Method), action.Url);
        var isJson = action.Body is null && !task.Parameters.IsEmpty;
        if (isJson || action.Body is not null)
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
