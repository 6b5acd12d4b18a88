namespace AllInOne.Core.Events;

/// <summary>The bounds of the event log.</summary>
/// <param name="RingSize">The greatest number of latest events in memory.</param>
/// <param name="RingBytes">The greatest number of bytes of JSON that they have together.</param>
/// <param name="HistoryScan">How many stored events one read examines at most.</param>
internal readonly record struct EventLogOptions(int RingSize, long RingBytes, int HistoryScan);
