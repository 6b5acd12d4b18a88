namespace AllInOne.Server.Hosting;

/// <summary>
/// <c>/user/http</c>: Kestrel under supervision. While this actor lives there is a web host; when it stops the port closes; when
/// it restarts the host is built anew on the same port. A host that cannot be opened again is this actor's failure, so the
/// supervisor's back-off and limit hold for it; only the very first time it is the failure of the whole start, which
/// <see cref="WebHostSlot.FirstStart"/> reports.
/// </summary>
internal sealed partial class HttpActor : ReceiveActor
{
    private readonly WebHostSlot _slot;
    private readonly ILogger<HttpActor> _logger;
    private readonly object _incarnation = new();

    public HttpActor(WebHostSlot slot, ILogger<HttpActor> logger)
    {
        (_slot, _logger) = (slot, logger);
        Receive<Opened>(OnOpened);
        Receive<OpenFailed>(OnOpenFailed);
    }

    private sealed record Opened(IReadOnlyList<string> Urls);

    /// <param name="Incarnation">Whose attempt it was: an answer to the one before is no failure of this one.</param>
    /// <param name="Reason">What went wrong.</param>
    private sealed record OpenFailed(object Incarnation, Exception Reason);

    protected override void PreStart()
    {
        var incarnation = _incarnation;
        _ = _slot.OpenAsync().PipeTo(Self, success: urls => new Opened(urls), failure: e => new OpenFailed(incarnation, e));
    }

    // Not awaited: the slot lets the next host wait until this one has stopped.
    protected override void PostStop() => _ = _slot.CloseAsync();

    private void OnOpened(Opened opened)
    {
        foreach (var url in opened.Urls)
        {
            LogServing(url);
        }
    }

    private void OnOpenFailed(OpenFailed failed)
    {
        if (failed.Incarnation == _incarnation && _slot.FirstStart.IsCompletedSuccessfully)
        {
            throw new InvalidOperationException($"The web host cannot be opened: {failed.Reason.Message}", failed.Reason);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Serving {Url}")]
    private partial void LogServing(string url);
}
