using System.Buffers;
using System.Text.Json;
using AllInOne.Core.Events;
using AllInOne.Core.Values;

namespace AllInOne.Core.Documents;

/// <summary>
/// Publishes the changes of documents on <c>collections/{name}</c>: <c>created</c> and <c>updated</c> with the document as a GET returns it (with
/// <c>{id, version}</c> if the document is large), <c>deleted</c> with <c>{id, version}</c>. Called after each commit, in the order of the commits.
/// </summary>
internal sealed class DocumentEvents(EventLog events)
{
    private const int LargestPublished = 64 * 1024;

    public void Changed(Collection collection, IEnumerable<DocumentChange> changes)
    {
        foreach (var change in changes)
        {
            Changed(collection, change);
        }
    }

    public void Changed(Collection collection, DocumentChange change)
    {
        switch (change)
        {
            case DocumentChange.Stored stored:
                Publish(collection, stored.Created ? "created" : "updated", stored.Document);
                break;
            case DocumentChange.Deleted deleted:
                events.Publish(collection.Topic, "deleted", Reference(deleted.Id, deleted.Version));
                break;
            default:
                break;
        }
    }

    private void Publish(Collection collection, string type, Document document) => events.Publish(
        collection.Topic, type, document.Data.Length <= LargestPublished ? document.ToJson() : Reference(document.Id, document.Version));

    private static ReadOnlySpan<byte> Reference(DocumentId id, long version)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        writer.WriteString("id"u8, id.Value);
        writer.WriteNumber("version"u8, version);
        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenSpan;
    }
}
