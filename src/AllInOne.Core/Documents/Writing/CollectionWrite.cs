using AllInOne.Core.Documents.Engine;
using AllInOne.Core.Storage.Writing;

namespace AllInOne.Core.Documents.Writing;

/// <summary>A write to a collection. If the collection was deleted before, the outcome is null and nothing is written.</summary>
internal abstract class CollectionWrite<T>(Collection collection, Action<T>? committed) : AnsweredWrite<IDocumentSession, T>(committed)
    where T : class
{
    protected Collection Collection => collection;

    public sealed override void Apply(IDocumentSession session) => Outcome = session.Exists(collection) ? Execute(session) : null;

    protected abstract T Execute(IDocumentSession session);
}
