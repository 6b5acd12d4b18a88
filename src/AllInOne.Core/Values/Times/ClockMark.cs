namespace AllInOne.Core.Values.Times;

/// <summary>A reading of the clocks, stored in a file with each commit.</summary>
/// <param name="Wall">The wall clock.</param>
/// <param name="Ahead">How far the wall clock was ahead of the steady clock; negative if it was behind.</param>
/// <param name="Doubt">See <see cref="SteadyClock.Doubt"/>.</param>
/// <param name="DoubtLeft">How much longer the server must run before the time in doubt is confirmed; zero if no time is in doubt.</param>
internal readonly record struct ClockMark(DateTimeOffset Wall, TimeSpan Ahead, TimeSpan Doubt = default, TimeSpan DoubtLeft = default);
