using Akka.Actor;
using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Events;
using AllInOne.Core.Storage;
using AllInOne.Core.Supervision;
using Microsoft.Extensions.Logging;

namespace AllInOne.Core.Documents;

/// <summary>The module of the documents: it creates their store and the props of the actor that deletes old documents.</summary>
public sealed class DocumentsModule
{
    /// <summary>The name of the child of <c>/user</c>, and of the part in <see cref="Readiness"/>.</summary>
    public const string Name = "documents";

    /// <exception cref="StorageException">The file cannot be read.</exception>
    internal DocumentsModule(
        DocumentsOptions options, IDocumentEngine engine, EventLog events, TimeProvider clock, Readiness readiness,
        ILoggerFactory loggers)
    {
        var documents = new DocumentStore(engine, options, events, clock);
        Documents = documents;
        var log = loggers.CreateLogger<DocumentRetentionActor>();
        Actor = Props.Create(() => new DocumentRetentionActor(documents, options, readiness, log));
    }

    public DocumentStore Documents { get; }

    /// <summary>The props of the actor <c>/user/documents</c>.</summary>
    public Props Actor { get; }
}
