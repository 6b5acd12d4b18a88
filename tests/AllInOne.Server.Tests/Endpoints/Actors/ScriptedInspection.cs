using System.Runtime.CompilerServices;
using System.Threading.Channels;
using AllInOne.Core.Inspection;
using AllInOne.Server.Configuration;
using AllInOne.Server.Endpoints.Actors;
using AllInOne.Server.Hosting;
using AllInOne.Server.Http.Site;
using Microsoft.Extensions.Logging.Abstractions;

namespace AllInOne.Server.Tests.Endpoints.Actors;

/// <summary>
/// An inspection of an invented tree, with the real web host over it: one actor, <c>/user/one</c>, that handles the messages
/// of the test; <c>/user/mute</c>, which cannot be traced; and a window that ends only when it is cancelled.
/// </summary>
public sealed class ScriptedInspection : IInspection, IAsyncLifetime
{
    private WebHost? _host;

    public HttpClient Client { get; private set; } = null!;

    /// <summary>The messages that the actor handles.</summary>
    internal Channel<TracedMessage> Messages { get; } = Channel.CreateUnbounded<TracedMessage>();

    /// <summary>Completes when a request asks for a window or for messages.</summary>
    public TaskCompletionSource Looked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the trace has ended.</summary>
    public TaskCompletionSource Left { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The requested sampling: one of this many messages.</summary>
    public int Every { get; private set; }

    public SchedulerSnapshot Scheduler { get; } = new(2, 4, 256, 0, []);

    public int MaxWorkers => 4;

    public async Task InitializeAsync()
    {
        _host = WebHost.Build(
            ListenUrls.Parse("http://127.0.0.1:0"), new HttpOptions(), NullLoggerFactory.Instance, new SiteFiles(null), (routes, ending) =>
            {
                routes.MapActorsTop(this, ending);
                routes.MapActorTrace(this, ending);
            });
        await _host.StartAsync();
        Client = new HttpClient { BaseAddress = new Uri(_host.Urls[0].ToString()) };
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        Client.Dispose();
    }

    /// <summary>Stops the web host; completes when all requests have ended.</summary>
    internal async Task StopAsync()
    {
        if (_host is { } host)
        {
            _host = null;
            await host.DisposeAsync();
        }
    }

    public ActorSnapshot? Find(string path) => path is "/user/one" or "/user/mute"
        ? new ActorSnapshot(path, "One", "idle", 0, 0, 0, 0, 0, null, null, null)
        : null;

    public IReadOnlyList<ActorSnapshot> Children(string path, string? after, int limit) => [];

    public async Task<IReadOnlyList<TopActor>> TopAsync(TopBy by, TimeSpan window, int limit, CancellationToken cancellation)
    {
        Looked.SetResult();
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellation);
        return [];
    }

    public IAsyncEnumerable<TracedMessage>? Trace(string path, int every, CancellationToken cancellation)
    {
        Every = every;
        return path == "/user/one" ? ReadAsync(cancellation) : null;
    }

    public void Resize(int workers)
    {
    }

    public bool Restart(string path) => false;

    public bool Stop(string path) => false;

    private async IAsyncEnumerable<TracedMessage> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        Looked.SetResult();
        try
        {
            await foreach (var message in Messages.Reader.ReadAllAsync(cancellation))
            {
                yield return message;
            }
        }
        finally
        {
            Left.SetResult();
        }
    }
}
