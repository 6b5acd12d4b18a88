namespace AllInOne.Benchmarks.Harness;

/// <summary>What a figure must be: the budgets of the design.</summary>
/// <param name="Text">As the table shows it.</param>
/// <param name="IsMet">Judges our value and that of the first peer, which may be missing.</param>
internal sealed record Budget(string Text, Func<double, double?, bool?> IsMet)
{
    public static Budget AtMost(double limit) => new($"≤ {Table.Number(limit)}", (ours, _) => ours <= limit);

    public static Budget AtLeast(double limit) => new($"≥ {Table.Number(limit)}", (ours, _) => ours >= limit);

    public static Budget AtLeastOfPeer(double factor) => new($"≥ {factor} × the peer", (ours, peer) => peer is { } theirs ? ours >= factor * theirs : null);
}
