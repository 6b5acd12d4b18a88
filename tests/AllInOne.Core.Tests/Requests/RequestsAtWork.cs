using Akka.Actor;
using AllInOne.Core.Inspection;
using AllInOne.Core.Requests;
using AllInOne.Core.Supervision;

namespace AllInOne.Core.Tests.Requests;

/// <summary><c>/user/requests</c> with a sum that a test can hold: a negative number never ends until the test lets it.</summary>
internal sealed class RequestsAtWork : IAsyncDisposable
{
    private readonly ManualResetEventSlim _letGo = new();
    private readonly RequestsModule _module;

    private RequestsAtWork(RequestsOptions options, Readiness readiness)
    {
        _module = new RequestsModule(options, Sum, TimeProvider.System, readiness);
        DeadLetterRefusal.Start(System);
        Runtime = new ActorRuntime(System);
    }

    public static async Task<RequestsAtWork> StartAsync(RequestsOptions? options = null)
    {
        var readiness = new Readiness();
        var requests = new RequestsAtWork(options ?? new RequestsOptions { Timeout = Until.Limit }, readiness);
        requests.Start();
        await readiness.WhenReady(RequestsModule.Name).WaitAsync(Until.Limit);
        return requests;
    }

    public ActorSystem System { get; } = TestSystem.Create("requests-tests");

    public ActorRuntime Runtime { get; }

    public Calculations Calculations => _module.Calculations;

    public void Start() => System.ActorOf(TreeSpec.Requests(_module).Props, RequestsModule.Name);

    public Task<CalculationOutcome> Ask(long n) =>
        Calculations.SumAsync(n, CancellationToken.None).WaitAsync(Until.Limit);

    /// <summary>Ends what has no end.</summary>
    public void LetGo() => _letGo.Set();

    /// <summary>Waits until this many calculations have their message in hand.</summary>
    public Task Busy(int count) => Until.TrueAsync(() =>
        Runtime.Children("/user/requests", null, 1000).Count(actor => actor is { Message: "Sum", Status: "busy" }) == count);

    public async ValueTask DisposeAsync()
    {
        LetGo();
        await System.Terminate();
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
