using Akka.Actor;
using AllInOne.Core.Inspection;
using AllInOne.Core.Requests;

namespace AllInOne.Core.Tests.Requests;

/// <summary><c>/user/requests</c> with a calculation that a test can block: a negative number does not end until the test releases it.</summary>
internal sealed class RequestsAtWork : IAsyncDisposable
{
    private readonly ManualResetEventSlim _letGo = new();
    private readonly TreeAtWork _tree;

    private RequestsAtWork(RequestsOptions options) => _tree = new TreeAtWork(new SystemTreeOptions { Requests = options }, (parts, spec) =>
    {
        parts.Requests = new RequestsModule(options, Sum, TimeProvider.System, parts.Readiness);
        return [spec.Requests];
    }).Open();

    public static async Task<RequestsAtWork> StartAsync(RequestsOptions? options = null)
    {
        var requests = new RequestsAtWork(options ?? new RequestsOptions { Timeout = Until.Limit });
        await requests._tree.WhenReady(RequestsModule.Name);
        return requests;
    }

    public ActorSystem System => _tree.System;

    public ActorRuntime Runtime => _tree.Runtime;

    public Calculations Calculations => _tree.Parts.Requests.Calculations;

    /// <summary>Starts the requests again after they were stopped alone.</summary>
    public Task StartAgainAsync() => _tree.StartAsync(new TreeSpec(_tree.Parts).Requests);

    public Task<CalculationOutcome> Ask(long n) =>
        Calculations.SumAsync(n, CancellationToken.None).WaitAsync(Until.Limit);

    /// <summary>Ends all endless calculations.</summary>
    public void LetGo() => _letGo.Set();

    /// <summary>Waits until this many calculations have a current message.</summary>
    public Task Busy(int count) => Until.TrueAsync(() =>
        Runtime.Children("/user/requests", null, 1000).Count(actor => actor is { Message: "Sum", Status: "busy" }) == count);

    public async ValueTask DisposeAsync()
    {
        LetGo();
        await _tree.DisposeAsync();
        _letGo.Dispose();
    }

    private long Sum(long n)
    {
        if (n < 0)
        {
            _letGo.Wait();
        }

        return n < 0 ? 0 : Summation.Of(n);
    }
}
