namespace AllInOne.Core;

/// <summary>The supervision tree terminated without a stop: a failure was escalated past its root, or the actor scheduler gave up.</summary>
/// <param name="reason">The reason, if it is known.</param>
public sealed class TreeTerminatedException(Exception? reason)
    : Exception($"the supervision tree has ended: {reason?.Message ?? "no reason is known"}", reason);
