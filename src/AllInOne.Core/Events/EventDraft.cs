using AllInOne.Core.Events.History;
using AllInOne.Core.Storage;
using AllInOne.Core.Values.Json;

namespace AllInOne.Core.Events;

/// <summary>
/// An event without its sequence number, before the event log has it. The bytes belong to the sender until it
/// sends the draft, then to the event log.
/// </summary>
/// <param name="Version">The version of the entity after the event; 0 if there is none.</param>
/// <param name="State">The state of the entity after the event; null if there is none.</param>
/// <param name="Row">The snapshot that is stored in the same transaction.</param>
/// <param name="Receipt">The receipt that is answered after the commit.</param>
/// <param name="IsStored">False if the event is only in the ring, and lost with it.</param>
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
