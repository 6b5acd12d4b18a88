namespace AllInOne.Benchmarks.Harness;

/// <summary>What a figure must be: the budgets of the design.</summary>
/// <param name="Text">As the table shows it.</param>
/// <param name="IsMet">Judges our value beside those of the peers, in the order of their columns. Null: the peer that it needs is missing.</param>
internal sealed record Budget(string Text, Func<double, IReadOnlyList<PeerValue>, bool?> IsMet)
{
    public static Budget AtMost(double limit) => new($"≤ {Table.Number(limit)}", (ours, _) => ours <= limit);

    public static Budget AtLeast(double limit) => new($"≥ {Table.Number(limit)}", (ours, _) => ours >= limit);

    public static Budget AtLeastOfPeer(double factor) => new($"≥ {factor} × the peer", (ours, peers) => peers is [var first, ..] ? ours >= factor * first.Value : null);

    public static Budget AtMostOfPeer(double factor) => new($"≤ {factor} × the peer", (ours, peers) => peers is [var first, ..] ? ours <= factor * first.Value : null);

    public static Budget AtMostMoreThanPeer(double more) => new($"≤ the peer + {more}", (ours, peers) => peers is [var first, ..] ? ours <= first.Value + more : null);

    /// <summary>At least as much as each of some peers that is there.</summary>
    /// <param name="names">How the heads of their columns begin.</param>
    public static Budget AtLeastThatOf(params string[] names) => new(
        string.Join(", ", names.Select(name => $"≥ {name}")),
        (ours, peers) => peers.Where(peer => names.Any(name => peer.Name.StartsWith(name, StringComparison.Ordinal))).ToList() is { Count: > 0 } named
            ? named.TrueForAll(peer => ours >= peer.Value)
            : null);
}

/// <summary>What a peer came to.</summary>
internal readonly record struct PeerValue(string Name, double Value);
