namespace AllInOne.Core.Values;

/// <summary>Which version a write may meet, in the sense of <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110); null asks for nothing.</summary>
/// <param name="Match">There must be one of these.</param>
/// <param name="NoneMatch">There must be none of these.</param>
public sealed record VersionCondition(VersionSet? Match, VersionSet? NoneMatch)
{
    public static VersionCondition None { get; } = new(null, null);

    /// <param name="version">The present version, null where there is nothing.</param>
    public bool Holds(long? version) => (Match is null || Match.Has(version)) && (NoneMatch is null || !NoneMatch.Has(version));
}

/// <summary>Some versions, or whatever is there (<c>*</c>).</summary>
public sealed record VersionSet(bool Any, IReadOnlyList<long> Versions)
{
    public bool Has(long? version) => version is { } present && (Any || Versions.Contains(present));
}
