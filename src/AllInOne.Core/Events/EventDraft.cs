using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Events;

/// <summary>
/// An event on its way to the log, all but its sequence number. Its bytes belong to whoever has the draft: the sender until it
/// is told, then the log.
/// </summary>
/// <param name="Version">The version of the entity that the event made; 0 where there is none.</param>
/// <param name="State">The state that the event made; null where there is none.</param>
/// <param name="Row">The snapshot to be stored in the same transaction.</param>
/// <param name="Receipt">Who is told of the commit.</param>
/// <param name="IsStored">False: it is kept in the ring alone, and gone with it.</param>
internal sealed record EventDraft(
    DateTimeOffset Time,
    string Topic,
    string Type,
    EncodedEvent Encoded,
    long Version,
    JsonText? State,
    EntityRow? Row,
    Receipt Receipt,
    bool IsStored = true);
