using AllInOne.Core.Values;

namespace AllInOne.Core.Documents;

/// <summary>What became of a write of one document. Nothing else than <see cref="Stored"/> and <see cref="Deleted"/> has changed anything.</summary>
public abstract record DocumentChange
{
    private DocumentChange()
    {
    }

    /// <summary>It is committed.</summary>
    public sealed record Stored(Document Document, bool Created) : DocumentChange;

    /// <summary>It is gone, and that is committed.</summary>
    public sealed record Deleted(DocumentId Id, long Version) : DocumentChange;

    /// <summary>There is no such document.</summary>
    public sealed record NotFound : DocumentChange;

    /// <summary>The collection was deleted before this write came to its turn.</summary>
    public sealed record CollectionGone : DocumentChange;

    /// <summary>The current version does not meet the condition.</summary>
    public sealed record ConditionFailed : DocumentChange;

    /// <summary>The change cannot be made to the document that is there.</summary>
    public sealed record Refused(string Reason) : DocumentChange;
}
