using Akka.Actor;
using AllInOne.Core.Storage.Writing;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Storage;

/// <summary>
/// <c>/user/storage</c>: the parent of the writers, one child per file. A writer that fails is restarted for as long as it takes, with
/// back-off: a full disk must not end the process while the queue keeps what came in. Its own restart leaves the writers
/// running; one that was stopped comes back. When it stops, each writer first writes all that is queued.
/// </summary>
internal sealed class StorageSupervisor : ReceiveActor
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>; its writers are parts below it.</summary>
    public const string Name = "storage";

    private readonly IReadOnlyDictionary<string, SqliteWriter> _writers;
    private readonly StorageOptions _options;
    private readonly Readiness _readiness;
    private readonly ILogger _log;

    /// <param name="writers">By the name of the child.</param>
    public StorageSupervisor(
        IReadOnlyDictionary<string, SqliteWriter> writers, StorageOptions options, Readiness readiness, ILogger log)
    {
        (_writers, _options, _readiness, _log) = (writers, options, readiness, log);
        Receive<Terminated>(stopped => Start(stopped.ActorRef.Path.Name));
    }

    protected override SupervisorStrategy SupervisorStrategy() => new QuietStrategy(new SupervisionOptions
    {
        MaxRestarts = int.MaxValue,
        MinBackoff = _options.RetryDelay,
        MaxBackoff = _options.MaxRetryDelay,
    });

    protected override void PreStart()
    {
        foreach (var name in _writers.Keys)
        {
            Start(name);
        }

        _readiness.Ready(Name);
    }

    // The writers stay.
    protected override void PreRestart(Exception reason, object? message) => PostStop();

    private void Start(string name)
    {
        var child = Context.Child(name);
        if (child.IsNobody())
        {
            child = Context.ActorOf(PropsOf(name), name);
        }

        Context.Watch(child);
    }

    private Props PropsOf(string name)
    {
        var (writer, options, readiness, part, log) = (_writers[name], _options, _readiness, $"{Name}/{name}", _log);
        return Props.Create(() => new SqliteWriterActor(writer, options, readiness, part, log));
    }

    /// <summary>A writer tells of a fault of its file itself, once; it fails again with each try until that is mended.</summary>
    private sealed class QuietStrategy(SupervisionOptions options) : BackoffStrategy(options)
    {
        protected override void LogFailure(IActorContext context, IActorRef child, Exception cause, Directive directive)
        {
            if (cause is not StorageException)
            {
                base.LogFailure(context, child, cause, directive);
            }
        }
    }
}
