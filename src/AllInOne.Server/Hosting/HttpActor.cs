using Akka.Actor;
using AllInOne.Core.Supervision;
using AllInOne.Server.Configuration;

namespace AllInOne.Server.Hosting;

/// <summary>
/// The actor <c>/user/http</c>, which owns the web host (Kestrel). When it stops, the port is closed; when it restarts, a new host opens on the same
/// port. If a host cannot be opened again, this actor fails, so the delays and the limit of its supervisor apply. If the first host cannot be opened,
/// the start of the server fails.
/// </summary>
internal sealed partial class HttpActor : ReceiveActor
{
    /// <summary>The name in the tree and in <see cref="Readiness"/>.</summary>
    public const string Name = "http";

    private readonly WebHostSlot _slot;
    private readonly Readiness _readiness;
    private readonly ILogger<HttpActor> _logger;
    private readonly object _incarnation = new();

    public HttpActor(WebHostSlot slot, Readiness readiness, ILogger<HttpActor> logger)
    {
        (_slot, _readiness, _logger) = (slot, readiness, logger);
        Receive<Opened>(OnOpened, opened => opened.Incarnation == _incarnation);
        Receive<OpenFailed>(OnOpenFailed, failed => failed.Incarnation == _incarnation);
    }

    // Both messages name the incarnation that opened the host. A reply to a previous incarnation is stale and is ignored.
    private sealed record Opened(object Incarnation);

    private sealed record OpenFailed(object Incarnation, Exception Reason);

    protected override void PreStart()
    {
        var incarnation = _incarnation;
        _ = _slot.OpenAsync().PipeTo(Self, success: () => new Opened(incarnation), failure: e => new OpenFailed(incarnation, e));
    }

    protected override void PostStop()
    {
        _readiness.NotReady(Name, "The web host is stopped");
        // Not awaited: the next host waits at the slot until this host has closed its ports.
        _ = CloseAsync();
    }

    private async Task CloseAsync()
    {
        try
        {
            await _slot.CloseAsync();
        }
        catch (Exception failure)
        {
            // The boundary: no caller awaits this task.
            LogCloseFailed(failure);
        }
    }

    private void OnOpened(Opened opened)
    {
        _readiness.Ready(Name);
        foreach (var url in _slot.Urls)
        {
            LogServing(url);
        }
    }

    private void OnOpenFailed(OpenFailed failed)
    {
        if (!_slot.HasOpened)
        {
            _readiness.Failed(Name, failed.Reason);
            return;
        }

        _readiness.NotReady(Name, failed.Reason.Message);
        throw new InvalidOperationException($"The web host cannot be opened: {failed.Reason.Message}", failed.Reason);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The web host was stopped, and a step of its stop failed")]
    private partial void LogCloseFailed(Exception failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving {Url}")]
    private partial void LogServing(ListenAddress url);
}
