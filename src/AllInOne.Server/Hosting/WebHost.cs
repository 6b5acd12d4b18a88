using System.Collections.Concurrent;
using System.Net.Sockets;
using AllInOne.Core.Supervision;
using AllInOne.Server.Configuration;
using AllInOne.Server.Http;
using AllInOne.Server.Http.Access;
using AllInOne.Server.Http.Connections;
using AllInOne.Server.Http.Limits;
using AllInOne.Server.Http.Site;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace AllInOne.Server.Hosting;

/// <summary>
/// One incarnation of the web host: Kestrel, the request pipeline and the endpoints. <see cref="WebHostSlot"/> starts it once and stops it once.
/// </summary>
internal sealed class WebHost : IAsyncDisposable
{
    // With Kestrel's default of 512, connections of a burst wait for about a second each.
    private const int Backlog = 4096;

    // Unread body bytes that each connection buffers. Kestrel's default is 1 MB.
    private const int RequestBuffer = 128 * 1024;

    private readonly WebApplication _app;
    private readonly CancellationTokenSource _ending;
    private readonly CancellationTokenSource _drained = new();
    private readonly UnreadAnswers _unread;
    private readonly ConcurrentBag<Socket> _listening;
    private readonly TimeSpan _drain;
    private Task? _givenWay;

    private WebHost(WebApplication app, CancellationTokenSource ending, UnreadAnswers unread, ConcurrentBag<Socket> listening, TimeSpan drain) =>
        (_app, _ending, _unread, _listening, _drain) = (app, ending, unread, listening, drain);

    /// <summary>The addresses, with resolved ports.</summary>
    public IReadOnlyList<ListenAddress> Urls => [.. _app.Urls.Select(url => ListenAddress.Parse(url).Address!)];

    /// <param name="urls">The addresses to listen on.</param>
    /// <param name="options">The limits.</param>
    /// <param name="loggers">The loggers of the process; the host does not dispose of them.</param>
    /// <param name="files">The dashboard.</param>
    /// <param name="endpoints">Maps the endpoints; its token is cancelled when live requests must end.</param>
    /// <param name="figures">Counts the requests, and outlives the host. When null, the host creates one for itself.</param>
    /// <param name="bodies">Bounds the bodies of all requests, and outlives the host. When null, the host creates one for itself.</param>
    /// <param name="answers">
    /// Bounds the answers of all requests, and outlives the host. When null, the host creates one for itself. Endpoints get it as a service.
    /// </param>
    /// <param name="clock">The clock for the progress of clients; the system clock when null.</param>
    public static WebHost Build(
        IReadOnlyList<ListenAddress> urls, HttpOptions options, ILoggerFactory loggers, SiteFiles files,
        Action<IEndpointRouteBuilder, CancellationToken> endpoints, RequestFigures? figures = null,
        RequestMemory? bodies = null, RequestMemory? answers = null, TimeProvider? clock = null)
    {
        figures ??= new RequestFigures();
        bodies ??= RequestMemory.OfBodies(options.MaxBodyBytesInFlight);
        clock ??= TimeProvider.System;
        var log = loggers.CreateLogger<WebHost>();
        var unread = new UnreadAnswers(options.SlowWriteTimeout, figures, clock, log);
        var listening = new ConcurrentBag<Socket>();
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        builder.WebHost.UseKestrelCore().UseSockets(sockets =>
        {
            sockets.Backlog = Backlog;
            // The transport has a limit of its own besides Kestrel's. A request line must fit.
            sockets.MaxReadBufferSize = Math.Max(RequestBuffer, options.MaxRequestLineBytes);
            sockets.CreateBoundListenSocket = address =>
            {
                var socket = SocketTransportOptions.CreateDefaultBoundListenSocket(address);
                listening.Add(socket);
                return socket;
            };
        }).ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null; // BodyLimit limits it
            kestrel.Limits.MaxRequestLineSize = options.MaxRequestLineBytes;
            kestrel.Limits.MaxRequestBufferSize = Math.Max(RequestBuffer, options.MaxRequestLineBytes);
            if (TcpProgress.IsKnown)
            {
                // UnreadAnswers checks progress instead. Kestrel's minimum rate allows more time the more was written: hours for 20 MB.
                kestrel.Limits.MinResponseDataRate = null;
            }

            foreach (var url in urls)
            {
                Listen(kestrel, url, unread, figures, log);
            }
        });
        builder.Services.AddSingleton(answers ?? RequestMemory.OfAnswers(options.MaxAnswerBytesInFlight));
        builder.Services.AddRoutingCore();
        builder.Services.AddCompression(options.Compression);
        builder.Services.AddSingleton<ILoggerFactory>(new WebHostLoggers(loggers));
        builder.Services.AddSingleton<IHostLifetime, NoHostLifetime>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.DrainTimeout);
        var app = builder.Build();
        var ending = new CancellationTokenSource();
        app.UseRequestPipeline(files, figures, options, bodies, clock, routes => endpoints(routes, ending.Token));
        return new WebHost(app, ending, unread, listening, options.DrainTimeout);
    }

    /// <summary>Listens and starts to serve. Throws <see cref="StartFailedException"/> if an address is not available.</summary>
    public async Task StartAsync()
    {
        try
        {
            await _app.StartAsync();
        }
        catch (Exception e) when (e is IOException or SocketException or AddressInUseException or InvalidOperationException)
        {
            throw new StartFailedException($"Urls: {e.Message}", e);
        }
    }

    /// <summary>
    /// Closes the ports and ends live requests, which need no drain. This is the first step of <see cref="DisposeAsync"/>. After it, the next host
    /// can listen, and new live requests go to the next host. Kestrel closes its ports too, but does not report when.
    /// </summary>
    public Task GiveWayAsync() => _givenWay ??= Disposal.RunAsync(
        () =>
        {
            Disposal.Run(_listening.Select(socket => (Action)socket.Dispose));
            return Task.CompletedTask;
        },
        _ending.CancelAsync);

    /// <summary>
    /// Closes the ports, ends live requests, and waits for the other requests within the drain timeout. Live requests end first, so that the drain
    /// does not wait for the timeout of a long poll.
    /// </summary>
    public ValueTask DisposeAsync() => new(Disposal.RunAsync(
        GiveWayAsync,
        () =>
        {
            _unread.UseStopLimit();
            _drained.CancelAfter(_drain);
            return _app.StopAsync(_drained.Token);
        },
        () => _app.DisposeAsync().AsTask(),
        () =>
        {
            Disposal.Run(_unread.Dispose, _ending.Dispose, _drained.Dispose);
            return Task.CompletedTask;
        }));

    /// <summary>Ends a running drain at once: requests without a complete answer are aborted.</summary>
    public void Abort()
    {
        try
        {
            _drained.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The drain is complete already.
        }
    }

    private static void Listen(KestrelServerOptions kestrel, ListenAddress url, UnreadAnswers unread, RequestFigures figures, ILogger log)
    {
        if (url.Address is { } address)
        {
            kestrel.Listen(address, url.Port, Connections);
        }
        else
        {
            kestrel.ListenLocalhost(url.Port, Connections);
        }

        // Without users, listen on loopback only: every client that reaches the port has full access.
        void Connections(ListenOptions listen) => listen
            .Use(next => new LoopbackConnections(next, figures, log).OnConnectionAsync)
            .Use(next => connection => unread.WatchAsync(connection, next));
    }

    /// <summary>The lifetime of a host without signal handlers, because the tree decides when the process ends.</summary>
    private sealed class NoHostLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
