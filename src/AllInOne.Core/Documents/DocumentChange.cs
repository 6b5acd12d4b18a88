using AllInOne.Core.Values;

namespace AllInOne.Core.Documents;

/// <summary>The outcome of a write to one document. Only <see cref="Stored"/> and <see cref="Deleted"/> mean that something was changed.</summary>
public abstract record DocumentChange
{
    private DocumentChange()
    {
    }

    /// <summary>The document is committed.</summary>
    public sealed record Stored(Document Document, bool Created) : DocumentChange;

    /// <summary>The deletion is committed.</summary>
    public sealed record Deleted(DocumentId Id, long Version) : DocumentChange;

    /// <summary>The document does not exist.</summary>
    public sealed record NotFound : DocumentChange;

    /// <summary>The collection was deleted before this write was applied.</summary>
    public sealed record CollectionGone : DocumentChange;

    /// <summary>The current version does not meet the condition.</summary>
    public sealed record ConditionFailed : DocumentChange;

    /// <summary>The change cannot be applied to the present document.</summary>
    public sealed record Refused(string Reason) : DocumentChange;
}
