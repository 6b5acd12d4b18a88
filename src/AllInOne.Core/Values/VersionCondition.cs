namespace AllInOne.Core.Values;

/// <summary>The condition of a write on the present version, as <c>If-Match</c> and <c>If-None-Match</c> (RFC 9110). Null sets no condition.</summary>
/// <param name="Match">The present version must be one of these.</param>
/// <param name="NoneMatch">The present version must be none of these.</param>
public sealed record VersionCondition(VersionSet? Match, VersionSet? NoneMatch)
{
    public static VersionCondition None { get; } = new(null, null);

    /// <param name="version">The present version; null if the thing does not exist.</param>
    public bool Holds(long? version) => (Match is null || Match.Has(version)) && (NoneMatch is null || !NoneMatch.Has(version));
}

/// <summary>A set of versions, or any version (<c>*</c>).</summary>
public sealed record VersionSet(bool Any, IReadOnlyList<long> Versions)
{
    public bool Has(long? version) => version is { } present && (Any || Versions.Contains(present));
}
