namespace AllInOne.Core;

/// <summary>The supervision tree has ended by itself: a failure passed its root, or the actor scheduler gave up.</summary>
/// <param name="reason">What ended it, if that is known.</param>
public sealed class TreeTerminatedException(Exception? reason)
    : Exception($"the supervision tree has ended: {reason?.Message ?? "no reason is known"}", reason);
