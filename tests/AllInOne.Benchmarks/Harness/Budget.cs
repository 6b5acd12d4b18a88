namespace AllInOne.Benchmarks.Harness;

/// <summary>The required value of a figure: the budgets of the design.</summary>
/// <param name="Text">The text in the table.</param>
/// <param name="IsMet">Compares our value with the values of the peers, in the order of their columns. Null if the required peer is missing.</param>
internal sealed record Budget(string Text, Func<double, IReadOnlyList<PeerValue>, bool?> IsMet)
{
    public static Budget AtMost(double limit) => new($"≤ {Table.Number(limit)}", (ours, _) => ours <= limit);

    public static Budget AtLeast(double limit) => new($"≥ {Table.Number(limit)}", (ours, _) => ours >= limit);

    public static Budget AtLeastOfPeer(double factor) => new($"≥ {factor} × the peer", (ours, peers) => peers is [var first, ..] ? ours >= factor * first.Value : null);

    public static Budget AtMostOfPeer(double factor) => new($"≤ {factor} × the peer", (ours, peers) => peers is [var first, ..] ? ours <= factor * first.Value : null);

    public static Budget AtMostMoreThanPeer(double more) => new($"≤ the peer + {more}", (ours, peers) => peers is [var first, ..] ? ours <= first.Value + more : null);

    /// <summary>At least the value of each named peer that was measured.</summary>
    /// <param name="names">The beginnings of the names of their columns.</param>
    public static Budget AtLeastThatOf(params string[] names) => new(
        string.Join(", ", names.Select(name => $"≥ {name}")),
        (ours, peers) => peers.Where(peer => names.Any(name => peer.Name.StartsWith(name, StringComparison.Ordinal))).ToList() is { Count: > 0 } named
            ? named.TrueForAll(peer => ours >= peer.Value)
            : null);
}

/// <summary>The value of a peer.</summary>
internal readonly record struct PeerValue(string Name, double Value);
