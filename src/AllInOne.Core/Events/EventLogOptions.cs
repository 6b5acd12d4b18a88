namespace AllInOne.Core.Events;

/// <summary>The limits of the event log.</summary>
/// <param name="RingSize">The maximum number of events in the ring.</param>
/// <param name="RingBytes">The maximum size of their JSON in bytes.</param>
/// <param name="HistoryScan">The maximum number of stored events that one read examines.</param>
internal readonly record struct EventLogOptions(int RingSize, long RingBytes, int HistoryScan);
