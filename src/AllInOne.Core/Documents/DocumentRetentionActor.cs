using Akka.Actor;
using AllInOne.Core.Supervision;
using AllInOne.Core.Values;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Documents;

/// <summary>
/// <c>/user/documents</c>: deletes documents that are older than the retention of their collection, in small transactions, one collection after
/// another. After a restart it finds again what it has not deleted yet. If one collection fails, it continues with the next.
/// </summary>
internal sealed partial class DocumentRetentionActor : ReceiveActor, IWithTimers
{
    private const int Stretch = 500;

    private readonly DocumentStore _documents;
    private readonly DocumentsOptions _options;
    private readonly Readiness _readiness;
    private readonly ILogger _log;

    public DocumentRetentionActor(DocumentStore documents, DocumentsOptions options, Readiness readiness, ILogger log)
    {
        (_documents, _options, _readiness, _log) = (documents, options, readiness, log);
        Receive<CheckAll>(_ => ContinueSweep(new Queue<Collection>(documents.Collections.Where(collection => collection.Definition.Retention is not null))));
        ReceiveAsync<Sweep>(sweep => SweepAsync(sweep.Waiting));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>Check all collections now.</summary>
    public sealed record CheckAll
    {
        public static CheckAll Instance { get; } = new();
    }

    protected override void PreStart()
    {
        Self.Tell(CheckAll.Instance);
        _readiness.Ready(DocumentsModule.Name);
    }

    /// <summary>Sends a message for each small transaction, so that the actor can stop and can handle other messages in between.</summary>
    private void ContinueSweep(Queue<Collection> waiting)
    {
        if (waiting.Count > 0)
        {
            Self.Tell(new Sweep(waiting));
        }
        else
        {
            Timers.StartSingleTimer(CheckAll.Instance, CheckAll.Instance, _options.RetentionInterval);
        }
    }

    private async Task SweepAsync(Queue<Collection> waiting)
    {
        try
        {
            if (await _documents.ExpireAsync(waiting.Peek(), Stretch, CancellationToken.None) < Stretch)
            {
                waiting.Dequeue();
            }
        }
        catch (UnavailableException refused)
        {
            LogRefused(waiting.Dequeue().Name, refused.Message);
        }

        ContinueSweep(waiting);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "What collection {Collection} keeps no longer is not deleted now, but at the next look: {Reason}")]
    private partial void LogRefused(CollectionName collection, string reason);

    private sealed record Sweep(Queue<Collection> Waiting);
}
